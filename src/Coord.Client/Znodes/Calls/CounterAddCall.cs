using Coord.Protocol;

namespace Coord.Client;

/// <summary>Adds to the number that a znode holds (docs/internals/extensions.md, counter-add).</summary>
internal sealed class CounterAddCall(string path, long initial, ulong tag, IReadOnlyList<CounterAdd> adds)
    : Request<CounterAddResponse>
{
    internal override OpCode Op => OpCode.CounterAdd;

    internal override ReplyKind Kind => ReplyKind.Write;

    internal override bool IsKnownTo(ServerFeatures features) => features.Has("counter-add");

    internal override void WriteBody(ref JuteWriter writer)
    {
        writer.WriteString(path);
        writer.WriteInt64(initial);
        writer.WriteInt64(unchecked((long)tag));
        writer.WriteVectorCount(adds.Count);
        foreach (var add in adds)
            add.Write(ref writer);
    }

    internal override bool TryReadBody(ref JuteReader reader, out CounterAddResponse value) =>
        CounterAddResponse.TryRead(ref reader, out value);
}
