using Coord.Node.Admin;
using Coord.Node.Clients;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// Publishes what the node says about itself, at most once per tick and whenever its role changes: an immutable
/// picture that other threads read without asking the loop.
/// </summary>
internal sealed class StatusBoard(
    ReplicaView view, NodeLimits limits, QuotaWatch quotas, Action<NodeStatus> publish)
{
    private readonly long startedMs = view.WallClockMs;
    private long publishedAtMs = long.MinValue;
    private RaftRole publishedRole;

    public void EndTurn(
        RaftCore core, ZnodeTree tree, ClientSide clients, ClusterSide cluster, SnapshotDuties snapshots,
        LeaderlessTimes leaderless, long outstanding, bool isStopping)
    {
        if (view.Role == publishedRole && view.NowMs < publishedAtMs + limits.ReplicaTick.TotalMilliseconds)
            return;
        publishedAtMs = view.NowMs;
        publishedRole = view.Role;
        publish(Picture(core.Status, tree, clients, cluster, snapshots, outstanding, isStopping) with
        {
            LeadingMs = leaderless.LeadingSinceMs is { } since ? view.NowMs - since : 0,
            PublishedMs = view.WallClockMs,
        });
    }

    private NodeStatus Picture(
        RaftStatus raft, ZnodeTree tree, ClientSide clients, ClusterSide cluster, SnapshotDuties snapshots,
        long outstanding, bool isStopping) => new()
    {
        NotReadyBecause = ReasonNotReady(snapshots, cluster.WhyUndecidable(raft), isStopping),
        IsReadOnly = clients.IsReadOnly,
        Id = raft.Id,
        Role = RoleOf(raft.Role),
        Term = raft.Term.Value,
        Leader = raft.Leader,
        CommitIndex = raft.Commit.Value,
        AppliedIndex = tree.AppliedIndex,
        DurableIndex = raft.Durable.Value,
        FirstIndex = raft.First.Value,
        LastIndex = raft.Last.Value,
        SnapshotIndex = raft.Snapshot.Value,
        SnapshotTimeMs = snapshots.WrittenAtMs,
        Peers = PeersOf(raft),
        Membership = cluster.Membership,
        FeatureLevel = tree.FeatureLevel,
        RecoveringBecause = view.RecoveringBecause,
        IsStorageFull = raft.IsStorageFull,
        SnapshotBytes = snapshots.SnapshotBytes,
        Digest = tree.RollingDigest,
        DigestIndex = tree.AppliedIndex,
        ZnodeCount = tree.ZnodeCount,
        EphemeralCount = tree.EphemeralCount,
        ApproximateDataBytes = tree.ApproximateDataBytes,
        SessionCount = tree.SessionCount,
        DataWatchCount = clients.Watches.DataCount,
        ChildWatchCount = clients.Watches.ChildCount,
        RecursiveWatchCount = clients.Watches.RecursiveCount,
        WatchedPathCount = clients.Watches.PathCount,
        WatcherCount = clients.Watches.WatcherCount,
        OutstandingRequests = outstanding,
        QuotasExceeded = quotas.Exceeded,
        StartedMs = startedMs,
    };

    private string? ReasonNotReady(SnapshotDuties snapshots, string? undecidable, bool isStopping)
    {
        if (isStopping)
            return "stopping";
        if (view.IsRemoved)
            return "removed from the cluster";
        if (snapshots.IsInstalling)
            return "installing a snapshot";
        return undecidable ?? (view.Leader is null ? "no leader known" : null);
    }

    // On a leader also who was removed and not told yet; elsewhere only the links are known.
    private List<PeerProgressStatus> PeersOf(RaftStatus raft)
    {
        var tick = limits.ReplicaTick;
        var peers = raft.Peers.Select(peer => new PeerProgressStatus(
            peer.Id, peer.IsLinked, NameOf(peer.State), peer.Match.Value, raft.Last.Value - peer.Match.Value)
        {
            IsLearner = peer.IsLearner,
            IsRecovering = peer.IsRecovering,
            IsStorageFull = peer.IsStorageFull,
            Silence = peer.TicksSinceHeard * tick,
        }).ToList();
        if (peers.Count > 0)
            return peers;
        var members = raft.Membership.Voters.Concat(raft.Membership.OutgoingVoters).Concat(raft.Membership.Learners);
        return [.. members.Distinct().Where(id => id != raft.Id).Order().Select(id =>
            new PeerProgressStatus(id, view.IsLinked(id), "", 0, 0)
            {
                IsLearner = raft.Membership.IsLearner(id),
                IsRecovering = raft.RecoveringVoters.Contains(id),
            })];
    }

    private static string NameOf(PeerState state) => state switch
    {
        PeerState.Probe => "probe",
        PeerState.Replicate => "replicate",
        _ => "snapshot",
    };

    private static NodeRole RoleOf(RaftRole role) => role switch
    {
        RaftRole.Leader => NodeRole.Leader,
        RaftRole.Follower => NodeRole.Follower,
        _ => NodeRole.Candidate,
    };
}
