using Coord.Protocol;

namespace Coord.Client;

/// <summary>Adds to the number that a znode holds (docs/internals/extensions.md, counter-add).</summary>
internal sealed class CounterAddCall(
    string path, long initial, ulong tag, IReadOnlyList<CounterAdd> adds, SessionKeeper keeper)
    : Request<CounterAddResponse>
{
    private (long Session, long SeenZxid) first;
    private bool isAgain;

    internal override OpCode Op => OpCode.CounterAdd;

    internal override ReplyKind Kind => ReplyKind.Write;

    /// <summary>The same for another session, after this one was sent and its session lost.</summary>
    internal CounterAddCall Again() => new(path, initial, tag, adds, keeper) { first = first, isAgain = true };

    internal override bool IsKnownTo(ServerFeatures features) => features.Has("counter-add");

    internal override void WriteBody(ref JuteWriter writer)
    {
        // Whatever it does comes behind what was seen before it was sent for the first time.
        if (first.Session == 0)
            first = (keeper.Session.Id.Value, keeper.LastZxid);
        writer.WriteString(path);
        writer.WriteInt64(initial);
        writer.WriteInt64(unchecked((long)tag));
        writer.WriteInt64(isAgain ? first.Session : 0);
        writer.WriteInt64(isAgain ? first.SeenZxid : 0);
        writer.WriteVectorCount(adds.Count);
        foreach (var add in adds)
            add.Write(ref writer);
    }

    internal override bool TryReadBody(ref JuteReader reader, out CounterAddResponse value) =>
        CounterAddResponse.TryRead(ref reader, out value);
}
