namespace Coord.Node.Metrics;

/// <summary>
/// All that a node measures. Each counter and distribution belongs to one thread at a time, mostly to whoever has the
/// replica's turn, which records with a few plain stores; words, commands and <c>/metrics</c> read them without asking.
/// </summary>
internal sealed class NodeMetrics
{
    public ClientMetrics Clients { get; } = new();

    public ReplicaMetrics Replica { get; init; } = new();

    /// <summary>What <c>srst</c> does: everything begins anew but the totals of <c>/metrics</c>.</summary>
    public void Reset()
    {
        foreach (var counter in Counters)
            counter.Reset();
        foreach (var distribution in Distributions)
            distribution.Reset();
        Clients.ResponseSizes.Reset();
        Replica.ProposalSizes.Reset();
    }

    private IEnumerable<Counter> Counters =>
    [
        Clients.PacketsReceived, Clients.PacketsSent, Clients.BytesReceived, Clients.ResponseBytes,
        Clients.WatchBytes, Clients.Handshakes, Clients.Reattaches, Clients.Rejected, Clients.Dropped,
        Clients.Sessionless, Clients.FramesRefused, Clients.AuthFailed, Clients.PlainRemote, Clients.PlainLocal,
        Replica.Lookings, Replica.Proposals, Replica.Commits, Replica.ProposalsReceived, Replica.CommitsReceived,
        Replica.SessionsExpired, Replica.SnapshotsSent, Replica.SnapshotsInstalled, Replica.SnapshotsWritten,
        Replica.SentAgain, Replica.StatesDiffering,
    ];

    private IEnumerable<Distribution> Distributions =>
    [
        Clients.ReadLatency, Clients.UpdateLatency, Clients.OtherLatency, Clients.CreatedWatchers,
        Clients.DeletedWatchers, Clients.ChangedWatchers, Clients.ChildrenWatchers,
        Replica.Turn, Replica.Flush, Replica.BatchBytes, Replica.Snapshot, Replica.Recovery, Replica.SnapshotLoad,
        Replica.LogLoad, Replica.LoadedEntries, Replica.Propagation, Replica.CommitPropagation, Replica.Proposal,
        Replica.QuorumAck, Replica.Election, Replica.Unavailable, Replica.LeaderUnavailable,
    ];
}
