namespace Coord.StateMachine;

/// <summary>Takes the watches of a table one by one.</summary>
/// <typeparam name="TWatcher">What stands for a connection.</typeparam>
public interface IWatchVisitor<in TWatcher>
{
    /// <summary>One watch. It may not change the table.</summary>
    /// <param name="watcher">Whose it is.</param>
    /// <param name="path">On which path; valid during the call only.</param>
    /// <param name="kind">In which table.</param>
    /// <param name="modes">Its modes there.</param>
    void Visit(TWatcher watcher, ReadOnlySpan<byte> path, WatchKind kind, WatchModes modes);
}
