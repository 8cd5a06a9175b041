using System.Buffers;
using System.Diagnostics;
using Coord.Node.Audit;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>
/// The connections of this node, and what an applied entry means for them: a reply in its turn, a session that moved
/// here or away, a session that ended.
/// </summary>
internal sealed class ConnectedClients(
    ClientOutboxes outboxes, WatchTurns watchTurns, Handshakes handshakes, ClientRequests requests, AuditLog? audit)
{
    private readonly Dictionary<long, ClientSession> bySession = [];
    private readonly HashSet<ClientSession> open = [];
    private readonly List<ClientSession> closing = [];
    private readonly ArrayBufferWriter<byte> stash = new();
    private readonly SessionEndAudit? ends = audit is null ? null : new SessionEndAudit(audit);

    /// <summary>Sessions that live on a connection of this node.</summary>
    public int Count => bySession.Count;

    /// <summary>All connections that were handed to the loop and not closed.</summary>
    public IReadOnlyCollection<ClientSession> Open => open;

    public void Opened(ClientSession session) => open.Add(session);

    /// <summary>A session lives on this connection from now on; what came early is taken in.</summary>
    public void Attached(ClientSession session)
    {
        bySession[session.Id] = session;
        foreach (var frames in session.TakeEarly())
        {
            if (!requests.TakeIn(session, frames, Stopwatch.GetTimestamp()))
                closing.Add(session);
        }

        CloseIfAnswered(session);
    }

    /// <summary>An entry of this connection was applied.</summary>
    public void Applied(ClientSession session, ApplyResult result)
    {
        if (session.Phase == ClientPhase.Closed)
            return;
        if (session.Phase == ClientPhase.Handshaking)
            FinishHandshake(session, result);
        else if (result.Outcome == ApplyOutcome.Applied)
            AnswerWrite(session, result);
        else
            Close(session); // The session ended or moved: its connection goes without a reply (design.md section 10).
    }

    /// <summary>A session was attached by this entry: any older connection of it here is no longer its own.</summary>
    public void SessionAttached(long sessionId, long attachment)
    {
        if (bySession.TryGetValue(sessionId, out var older) && older.Attachment != attachment)
            Close(older);
        ends?.Attached(sessionId);
    }

    /// <summary>A session ended: nothing is sent, unless its own close is being answered.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="end">What ended it.</param>
    public void SessionEnded(long sessionId, SessionEnd end)
    {
        if (!bySession.TryGetValue(sessionId, out var session))
        {
            ends?.Ended(sessionId, end);
            return;
        }

        session.HasEnded = true;
        if (end == SessionEnd.Closed && session.ClosesWhenAnswered)
            return;
        ends?.EndedHere(session, end);
        Close(session);
    }

    /// <summary>The state was replaced by another.</summary>
    public void StateReplaced() => ends?.Clear();

    /// <summary>
    /// Closes a connection that said its last word and got its last reply, at the end of this turn, once that is
    /// flushed.
    /// </summary>
    public void CloseIfAnswered(ClientSession session)
    {
        if (session.ClosesWhenAnswered && session.Queue.Count == 0 && session.Phase != ClientPhase.Closed)
            closing.Add(session);
    }

    public void CloseAll()
    {
        foreach (var session in open.ToArray())
            Close(session);
    }

    /// <summary>
    /// Ends sessions that only read and were not heard of for their timeout: no leader does it (protocol 7.5).
    /// </summary>
    public void CloseIdle(long nowMs)
    {
        foreach (var session in open.ToArray())
        {
            if (session.IsReadOnly && nowMs - session.HeardMs > session.TimeoutMs)
                Close(session);
        }
    }

    /// <summary>Ends the turn: flushes, then closes what is answered and what does not read.</summary>
    public void FlushTurn()
    {
        foreach (var session in outboxes.FlushTurn())
            Close(session);
        foreach (var session in closing)
            Close(session);
        closing.Clear();
    }

    /// <summary>Forgets a connection; its session lives on until its timeout, or elsewhere.</summary>
    public void Close(ClientSession session)
    {
        if (session.Phase == ClientPhase.Closed)
            return;
        if (session.Id != 0 && bySession.TryGetValue(session.Id, out var present) && present == session)
        {
            bySession.Remove(session.Id);
            if (!session.HasEnded && !session.IsReadOnly)
                ends?.ConnectionGone(session);
        }

        watchTurns.Forget(session);
        open.Remove(session);
        session.Phase = ClientPhase.Closed;
        session.Queue.Clear();
        session.ForgetHeldEvents();
        session.Transport.Close();
    }

    private void FinishHandshake(ClientSession session, ApplyResult result)
    {
        var isAccepted = handshakes.Finish(session, result);
        audit?.Handshake(session, result);
        if (isAccepted)
            Attached(session);
        else
            closing.Add(session);
    }

    private void AnswerWrite(ClientSession session, ApplyResult result)
    {
        var queue = session.Queue;
        var position = 0;
        while (queue[position].Kind != PendingKind.Write)
            position++;
        ref var request = ref queue[position];
        Invariant.Require(
            request.Ticket == result.OriginSequence, "A session's writes were applied in another order than asked.");
        audit?.Write(session, request, result);
        if (position > 0)
        {
            // A ping or sync ahead of it is not confirmed yet: the reply waits for its turn as it is now.
            stash.ResetWrittenCount();
            ReplyWriter.Write(stash, request.Xid, result);
            request.Kind = PendingKind.Answered;
            request.Reply = stash.WrittenSpan.ToArray();
            return;
        }

        outboxes.CountReply(session, ReplyWriter.Write(outboxes.OutputOf(session), request.Xid, result));
        outboxes.Answered(session, request, result.Zxid);
        queue.Dequeue();
        requests.Drain(session);
        CloseIfAnswered(session);
    }
}
