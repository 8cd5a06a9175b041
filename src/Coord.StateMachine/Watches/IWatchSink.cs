namespace Coord.StateMachine;

/// <summary>
/// Takes the events of watches that fire. It may add and remove watches meanwhile, but not trigger any.
/// </summary>
/// <typeparam name="TWatcher">What stands for a connection.</typeparam>
public interface IWatchSink<in TWatcher>
{
    /// <summary>
    /// A watch of <paramref name="watcher"/> fired. Whether it may know is the sink's to ask
    /// (<see cref="ZnodeChange.IsVisibleTo"/>): the watch is used up all the same.
    /// </summary>
    /// <param name="watcher">Whom to tell.</param>
    /// <param name="zxid">The entry that fired it, or -1 for what setWatches makes up for.</param>
    /// <param name="change">What happened; valid during the call only.</param>
    void OnEvent(TWatcher watcher, long zxid, in ZnodeChange change);
}
