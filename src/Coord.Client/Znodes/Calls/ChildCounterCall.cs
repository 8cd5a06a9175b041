using Coord.Protocol;

namespace Coord.Client;

/// <summary>Raises how many children a znode counts as ever created (docs/internals/extensions.md).</summary>
internal sealed class ChildCounterCall(string path, long created) : Request<Stat>
{
    internal const string Feature = "child-counter";

    internal override OpCode Op => OpCode.RaiseChildCounter;

    internal override ReplyKind Kind => ReplyKind.Write;

    internal override void WriteBody(ref JuteWriter writer)
    {
        writer.WriteString(path);
        writer.WriteInt64(created);
    }

    internal override bool TryReadBody(ref JuteReader reader, out Stat value) => Stat.TryRead(ref reader, out value);
}
