using Coord.Protocol;

namespace Coord.Client;

/// <summary>A getData.</summary>
internal sealed class GetCall(string path, string shownPath, WatchRegistry? watches = null, WatchSignal? signal = null)
    : ReadCall<Znode>(path, watches, signal)
{
    internal override OpCode Op => OpCode.GetData;

    protected override WatchTable? TableAfter(ErrorCode error) => error == ErrorCode.Ok ? WatchTable.Data : null;

    internal override bool TryReadBody(ref JuteReader reader, out Znode? value)
    {
        value = null;
        if (!reader.TryReadBuffer(out var bytes, out _) || !Stat.TryRead(ref reader, out var stat))
            return false;
        value = new Znode(shownPath, bytes.ToArray(), stat);
        return true;
    }
}
