using Coord.Node.Clients;
using Coord.Node.Members;
using Coord.Raft;
using Coord.StateMachine;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Replica;

/// <summary>
/// Applies committed entries, and tells whom it concerns: watchers first, then the session that waits for the reply,
/// then the timers and the connections of sessions that began, moved or ended.
/// </summary>
internal sealed class EntryApplier(
    ReplicaView view, SessionExpiry expiry, Proposals proposals, ClientSide clients, ILogger logger)
{
    /// <summary>
    /// Applies one entry. The tree and the entry decide the result; nothing else may (raft-design C8).
    /// </summary>
    public void Apply(ZnodeTree tree, in Entry entry)
    {
        switch (entry.Kind)
        {
            case EntryKind.Command:
                ApplyCommand(tree, entry);
                break;
            case EntryKind.Membership:
                ApplyMembership(tree, entry);
                break;
            case EntryKind.FeatureLevel:
                Invariant.Require(
                    FeatureLevelCodec.TryDecode(entry.Payload.Span, out var level),
                    "A feature level can be read (raft-design I7).");
                tree.ApplyFeatureLevel(entry.Index.Value, level);
                break;
            default:
                tree.ApplyEmpty(entry.Index.Value);
                break;
        }
    }

    private void ApplyCommand(ZnodeTree tree, in Entry entry)
    {
        var result = tree.Apply(entry.Index.Value, entry.Payload.Span);
        clients.FireWatches(result);
        if (result.AttachedSession != 0)
            Attached(tree, result);
        if (result.OriginNode == view.Self.Value && result.OriginStart == view.ProcessStart)
            Deliver(result);
        if (result.EndedSession != 0)
            Ended(result.EndedSession);
    }

    // Joint memberships are not shown: clients see the change when it is complete (design.md section 10).
    private void ApplyMembership(ZnodeTree tree, in Entry entry)
    {
        var wasMember = IsMember(TreeMembership.Of(tree));
        Invariant.Require(
            Membership.TryDecode(entry.Payload, entry.Index, out var membership),
            "A membership entry can be read (raft-design I7).");
        Invariant.Require(
            MemberDirectory.TryDecode(membership.Directory, out var directory), "A membership says where members are.");
        var config = membership.IsJoint ? [] : ConfigText.Of(membership, directory, entry.Index.Value);
        clients.FireWatches(tree.ApplyMembership(entry.Index.Value, entry.Payload.Span, config));

        // A newcomer that is told the past was no member then, nor was its lost predecessor: neither is removed by it.
        var wasRemoved = view.IsRemoved;
        view.IsRemoved = !IsMember(membership) && (wasMember || wasRemoved);
        if (!view.IsRemoved || wasRemoved)
            return;
        MembershipTrace.Removed(logger);
        clients.CloseAll();
    }

    private bool IsMember(Membership membership) =>
        membership.Contains(view.Self)
        && MemberDirectory.TryDecode(membership.Directory, out var directory)
        && directory.Find(view.Self)?.Incarnation == view.Incarnation;

    private void Attached(ZnodeTree tree, ApplyResult result)
    {
        if (view.IsLeader && tree.TryGetSession(result.AttachedSession, out var session))
            expiry.Track(session.Id, session.TimeoutMs, view.NowMs);
        clients.SessionAttached(result.AttachedSession, result.Zxid);
    }

    private void Ended(long session)
    {
        expiry.Remove(session);
        clients.SessionEnded(session);
    }

    /// <summary>An entry of this node's own clients.</summary>
    private void Deliver(ApplyResult result)
    {
        if (result.Outcome == ApplyOutcome.Repeat)
            return;
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
