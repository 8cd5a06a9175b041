using Coord.Node.Clients;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// Applies committed entries, and tells whom it concerns: watchers first, then the session that waits for the reply,
/// then the timers and the connections of sessions that began, moved or ended.
/// </summary>
internal sealed class EntryApplier(
    ReplicaView view, SessionExpiry expiry, Proposals proposals, ClientSide clients)
{
    /// <summary>
    /// Applies one entry. The tree and the entry decide the result; nothing else may (raft-design C8).
    /// </summary>
    public void Apply(ZnodeTree tree, in Entry entry)
    {
        if (entry.Kind == EntryKind.Empty)
        {
            tree.ApplyEmpty(entry.Index.Value);
            return;
        }

        var result = tree.Apply(entry.Index.Value, entry.Payload.Span);
        clients.FireWatches(result);
        if (result.AttachedSession != 0)
            Attached(tree, result);
        if (result.OriginNode == view.Self.Value && result.OriginStart == view.ProcessStart)
            Deliver(result);
        if (result.EndedSession != 0)
            Ended(result.EndedSession);
    }

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
