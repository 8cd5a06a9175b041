using Coord.Protocol;

namespace Coord.Client;

/// <summary>A sync.</summary>
internal sealed class SyncCall(string path) : Request<bool>
{
    internal override OpCode Op => OpCode.Sync;

    internal override ReplyKind Kind => ReplyKind.Sync;

    internal override void WriteBody(ref JuteWriter writer) => writer.WriteString(path);

    internal override bool TryReadBody(ref JuteReader reader, out bool value) => value = true;
}
