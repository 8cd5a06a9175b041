namespace Coord.Node.Admin;

/// <summary>What only the replica loop knows, asked for by any thread.</summary>
internal interface IReplicaReports
{
    /// <summary>Sessions and their ephemerals. Cancelling stops the wait, not the report.</summary>
    Task<SessionReport> SessionsAsync(CancellationToken cancellation);

    /// <summary>Who of this node's clients watches what. Cancelling stops the wait, not the report.</summary>
    Task<WatchReport> WatchesAsync(CancellationToken cancellation);
}
