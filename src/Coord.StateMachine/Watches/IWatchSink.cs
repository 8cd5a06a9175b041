using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// Takes the events of watches that fire. It may add and remove watches meanwhile, but not trigger any.
/// </summary>
/// <typeparam name="TWatcher">What stands for a connection.</typeparam>
public interface IWatchSink<in TWatcher>
{
    /// <summary>A watch of <paramref name="watcher"/> fired. The path is valid during the call only.</summary>
    /// <param name="watcher">Whom to tell.</param>
    /// <param name="zxid">The entry that fired it, or -1 for what setWatches makes up for.</param>
    /// <param name="type">What happened.</param>
    /// <param name="path">To which znode.</param>
    void OnEvent(TWatcher watcher, long zxid, WatchEventType type, ReadOnlySpan<byte> path);
}
