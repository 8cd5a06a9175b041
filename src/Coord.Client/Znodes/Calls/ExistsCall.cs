using Coord.Protocol;

namespace Coord.Client;

/// <summary>An exists.</summary>
internal sealed class ExistsCall(string path, WatchRegistry? watches = null, WatchSignal? signal = null)
    : ReadCall<Stat>(path, watches, signal)
{
    internal override OpCode Op => OpCode.Exists;

    protected override WatchTable? TableAfter(ErrorCode error) => error switch
    {
        ErrorCode.Ok => WatchTable.Data,
        ErrorCode.NoNode => WatchTable.Exist,
        _ => null,
    };

    internal override bool TryReadBody(ref JuteReader reader, out Stat value) => Stat.TryRead(ref reader, out value);
}
