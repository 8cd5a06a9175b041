using Coord.Protocol;

namespace Coord.Client;

/// <summary>A closeSession: the session's ephemerals vanish at once.</summary>
internal sealed class CloseCall : Request<bool>
{
    internal override OpCode Op => OpCode.CloseSession;

    internal override ReplyKind Kind => ReplyKind.Write;

    internal override void WriteBody(ref JuteWriter writer)
    {
    }

    internal override bool TryReadBody(ref JuteReader reader, out bool value) => value = true;
}
