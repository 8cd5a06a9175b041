using Coord.Node.Clients;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// Applies committed entries, and tells whom it concerns: watchers first, then the session that waits for the reply,
/// then the timers and the connections of sessions that began, moved or ended.
/// </summary>
internal sealed class EntryApplier(
    ReplicaView view, SessionExpiry expiry, ZnodeSweep sweep, QuotaWatch quotas, Proposals proposals,
    ClientSide clients, ClusterSide cluster, EntryTimes times, ReplicaServices services)
{
    /// <summary>Applies one entry, and tells of it.</summary>
    public void Apply(ZnodeTree tree, in Entry entry)
    {
        var wasMember = entry.Kind == EntryKind.Membership && view.IsIn(TreeMembership.Of(tree));
        var applied = TreeEntries.Apply(tree, entry);
        services.Metrics.Replica.Digests.Applied(tree.AppliedIndex, tree.RollingDigest);
        if (applied is not { } result)
            return;
        times.Applied(result);
        clients.FireWatches(result);
        if (entry.Kind == EntryKind.Membership)
            MembershipApplied(tree, entry.Index, wasMember);
        else
            CommandApplied(tree, result);
    }

    private void CommandApplied(ZnodeTree tree, ApplyResult result)
    {
        if (result.AttachedSession != 0)
            Attached(tree, result);
        if (result.OriginNode == view.Self.Value && result.OriginStart == view.ProcessStart)
            Deliver(tree, result);
        if (result.EndedSession != 0)
            Ended(result);
        if (result.Header.Command == EntryCommand.Sweep)
            sweep.Applied();
        if (result.QuotaExcess is { } excess)
            quotas.Note(excess);
    }

    /// <summary>A received snapshot takes the place of the state: what it says of this node holds.</summary>
    public void Installed(ZnodeTree tree)
    {
        services.Metrics.Replica.Digests.Clear();
        services.Metrics.Replica.SnapshotsInstalled.Add();
        clients.StateReplaced(tree.AppliedIndex);
        view.RemovedBecause = null;
        if (view.IsIn(TreeMembership.Of(tree)))
            services.Background.MarkRemoved(null);
    }

    // A newcomer that is told the past was no member then, nor was its lost predecessor: neither is removed by it. One
    // that was let in, taken out before it had heard of the cluster, and let in again is a member: it waited on a
    // directory without a history.
    private void MembershipApplied(ZnodeTree tree, LogIndex index, bool wasMember)
    {
        var wasRemoved = view.IsRemoved;
        var isMember = view.IsIn(TreeMembership.Of(tree));
        if (isMember)
            view.RemovedBecause = null;
        else if (wasMember)
            view.RemovedBecause = $"node {view.Self.Value} was removed from the cluster by entry {index.Value}";
        if (isMember && !wasMember)
            services.Background.MarkRemoved(null);
        if (!view.IsRemoved || wasRemoved)
            return;
        cluster.NoteRemoval();
        clients.CloseAll();
    }

    private void Attached(ZnodeTree tree, ApplyResult result)
    {
        if (view.IsLeader && tree.TryGetSession(result.AttachedSession, out var session))
            expiry.Track(session.Id, session.TimeoutMs, view.NowMs);
        clients.SessionAttached(result.AttachedSession, result.Zxid);
    }

    private void Ended(ApplyResult result)
    {
        var end = result.Header.Command != EntryCommand.ExpireSession ? SessionEnd.Closed
            : view.IsLeader ? SessionEnd.ExpiredByThis
            : SessionEnd.Expired;
        if (end == SessionEnd.ExpiredByThis)
            services.Metrics.Replica.SessionsExpired.Add();
        expiry.Remove(result.EndedSession);
        clients.SessionEnded(result.EndedSession, end);
    }

    /// <summary>An entry of this node's own clients.</summary>
    private void Deliver(ZnodeTree tree, ApplyResult result)
    {
        if (result.Outcome == ApplyOutcome.Repeat)
        {
            // raft-design I9: a process on a directory that is lost had a higher number, and nothing of this one would
            // ever be taken.
            var latest = tree.LatestStart(view.Self.Value);
            if (latest <= view.ProcessStart)
                return;
            ReplicaTrace.StartOutdone(services.Logger, latest, view.ProcessStart);
            services.StartOutdone(latest);
            return;
        }

        if (result.Outcome == ApplyOutcome.Gap)
        {
            // raft-design I9: an earlier entry of this node was lost on its way; all are sent again in order.
            proposals.LossShown();
            return;
        }

        Invariant.Require(
            proposals.TryTakeApplied(result.OriginSequence, out var own),
            "The state machine accepted an entry of this node that is not its oldest unapplied one.");
        if (own.Session is { } session)
            clients.Applied(session, result);
    }
}
