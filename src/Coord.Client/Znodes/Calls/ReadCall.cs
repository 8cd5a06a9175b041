using Coord.Protocol;

namespace Coord.Client;

/// <summary>A read of one path, with or without a watch.</summary>
internal abstract class ReadCall<T>(string path, WatchRegistry? watches, WatchSignal? signal) : Request<T>
{
    internal override ReplyKind Kind => HasBarrier ? ReplyKind.Sync : ReplyKind.Read;

    protected string Path { get; } = path;

    internal override void WriteBody(ref JuteWriter writer)
    {
        writer.WriteString(Path);
        writer.WriteBool(signal is not null);
    }

    /// <summary>Which table the server put the watch in, null for none (zookeeper-protocol.md 6.2).</summary>
    protected abstract WatchTable? TableAfter(ErrorCode error);

    protected override void OnAnswered(ErrorCode error)
    {
        if (signal is null)
            return;
        if (HasEnded || TableAfter(error) is not { } table)
            signal.Fire(FiredBy.Change);
        else
            watches!.Add(table, Path, signal);
    }
}
