using System.Buffers;
using System.Buffers.Binary;
using Coord.Node.Metrics;
using Coord.Node.Replica;
using Coord.Protocol;
using Coord.Raft;

namespace Coord.Node.Clients;

/// <summary>
/// The queue discipline of sessions: requests run one after the other, writes are proposed as they arrive, a read
/// runs at the head of its queue and its reply is written in the same step, replies leave in request order
/// (design.md section 10).
/// </summary>
internal sealed class ClientRequests(
    IWriteProposer proposer, ProofRounds rounds, ReadRequests reads, WatchRequests watchRequests, WatchTurns watchTurns,
    Reconfigs reconfigs, ClientOutboxes outboxes, ClientMetrics metrics, Authentication authentication)
{
    private const int HeaderBytes = 8;
    private const int LengthPrefixBytes = 4;

    /// <summary>Takes in all frames of one socket read.</summary>
    /// <returns>False: a frame is shorter than its header, and the connection is to be closed (protocol
    /// 1.1).</returns>
    public bool TakeIn(ClientSession session, byte[] frames, long timestamp)
    {
        metrics.BytesReceived.Add(frames.Length);
        var offset = 0;
        while (offset < frames.Length && !session.ClosesWhenAnswered && !session.IsOverLimit)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(frames.AsSpan(offset));
            if (length < HeaderBytes)
                return false;
            Admit(session, frames.AsMemory(offset + 4, length), timestamp);
            offset += 4 + length;
        }

        return true;
    }

    /// <summary>Runs what can run at the head of the session's queue.</summary>
    public void Drain(ClientSession session)
    {
        var queue = session.Queue;
        while (queue.Count > 0 && !session.IsOverLimit)
        {
            ref var head = ref queue.Head;
            if (IsWaiting(session, ref head))
                break;
            AnswerHead(session, ref head);
        }

        if (session.HeldWrites > 0)
            ReleaseHeldWrites(session);
        if (session.ProofsInQueue > 0)
            rounds.Rejoin(session);
    }

    private void Admit(ClientSession session, ReadOnlyMemory<byte> frame, long timestamp)
    {
        var header = frame.Span;
        var xid = BinaryPrimitives.ReadInt32BigEndian(header);
        var op = (OpCode)BinaryPrimitives.ReadInt32BigEndian(header[4..]);
        var request = new PendingRequest
        {
            Xid = xid,
            Op = op,
            Body = frame[4..],
            ArrivedTimestamp = timestamp,
            Identities = session.Identities,
        };
        metrics.PacketsReceived.Add();
        session.Counters.Received();
        if (!session.IsReadOnly)
            rounds.Touch(session);
        if (!session.IsReadOnly || !ReadOnlyMode.TryAnswer(session, ref request, reads.AppliedIndex))
            RequestKinds.Classify(session, header[HeaderBytes..], ref request, authentication);
        switch (request.Kind)
        {
            case PendingKind.Write:
                AdmitWrite(session, ref request);
                break;
            case PendingKind.Proof:
                request.Ticket = rounds.Join(session);
                session.ProofsInQueue++;
                if (request.HasBarrier)
                    KeepBehindProof(session, ref request);
                break;
            case PendingKind.Reconfig or PendingKind.Restore:
                session.HoldsInQueue++;
                break;
            case PendingKind.Read when session.ProofsInQueue > 0:
                KeepBehindProof(session, ref request);
                break;
            case PendingKind.Read when session.Queue.Count == 0:
                Answer(session, request);
                return;
        }

        session.Queue.Enqueue() = request;
        if (session.Queue.Count == 1)
            Drain(session);
    }

    private static void KeepBehindProof(ClientSession session, ref PendingRequest read)
    {
        read.IsBehindProof = true;
        session.ReadsBehindProof++;
    }

    private bool IsWaiting(ClientSession session, ref PendingRequest head)
    {
        switch (head.Kind)
        {
            case PendingKind.Write:
                return true;
            case PendingKind.Proof:
                return head.Ticket > rounds.CompletedRound;
            case PendingKind.Reconfig:
                if (head.Ticket == 0)
                    head.Ticket = reconfigs.Begin(session, head);
                return true;
            case PendingKind.Restore:
                if (head.Ticket == 0)
                    watchTurns.Begin(session, head);
                head.Ticket = 1;
                return true;
            default:
                return false;
        }
    }

    /// <summary>A write is proposed as it arrives, but not past a read that still waits for a proof.</summary>
    private void AdmitWrite(ClientSession session, ref PendingRequest request)
    {
        if (session.ReadsBehindProof > 0 || session.HoldsInQueue > 0 || session.HeldWrites > 0)
            session.HeldWrites++;
        else
            request.Ticket = proposer.Propose(session, request);
    }

    private void ReleaseHeldWrites(ClientSession session)
    {
        var isBehindProof = false;
        for (var position = 0; position < session.Queue.Count && session.HeldWrites > 0; position++)
        {
            ref var request = ref session.Queue[position];
            if (request.Kind is PendingKind.Reconfig or PendingKind.Restore)
                return;
            if (request.Kind == PendingKind.Proof)
                isBehindProof = true;
            if (request.IsBehindProof && isBehindProof)
                return;
            if (request.Kind == PendingKind.Write && request.Ticket == 0)
            {
                request.Ticket = proposer.Propose(session, request);
                session.HeldWrites--;
            }
        }
    }

    /// <summary>The reconfig at the head of the session's queue is answered: the configuration, or why not.</summary>
    public void AnswerReconfig(ClientSession session, ErrorCode error)
    {
        ref var head = ref session.Queue.Head;
        Invariant.Require(head.Kind == PendingKind.Reconfig, "A reconfig is answered at the head of its queue.");
        if (error == ErrorCode.Ok)
            reads.AnswerConfig(session, head.Xid);
        else
            outboxes.Reply(session, head.Xid, reads.AppliedIndex, error);
        EndHold(session);
    }

    /// <summary>
    /// The setWatches at the head of the session's queue is done. With an error some watches are not set: clients do
    /// not look at this reply, so the connection is closed behind it rather than left deaf.
    /// </summary>
    public void AnswerRestore(ComingWatches restored, ErrorCode error)
    {
        var session = restored.Session;
        ref var head = ref session.Queue.Head;
        Invariant.Require(head.Kind == PendingKind.Restore, "A setWatches is answered at the head of its queue.");
        if (error == ErrorCode.Ok && head.Op == OpCode.WatchFrom)
        {
            var writer = outboxes.BeginReply(session, head.Xid, reads.AppliedIndex, sizeof(int));
            writer.WriteInt32(restored.Told);
            writer.Complete();
        }
        else
        {
            outboxes.Reply(session, head.Xid, reads.AppliedIndex, error);
        }

        session.ClosesWhenAnswered |= error != ErrorCode.Ok;
        EndHold(session);
    }

    private void EndHold(ClientSession session)
    {
        session.HoldsInQueue--;
        outboxes.Answered(session, session.Queue.Head, reads.AppliedIndex);
        session.Queue.Dequeue();
        Drain(session);
    }

    private void AnswerHead(ClientSession session, ref PendingRequest head)
    {
        if (head.Kind == PendingKind.Proof)
            session.ProofsInQueue--;
        if (head.IsBehindProof)
            session.ReadsBehindProof--;
        Answer(session, head);
        session.Queue.Dequeue();
    }

    private void Answer(ClientSession session, in PendingRequest request)
    {
        switch (request.Kind)
        {
            case PendingKind.Read when WatchRequests.Has(request.Op):
                watchRequests.Answer(session, request);
                break;
            case PendingKind.Read:
                reads.Answer(session, request);
                break;
            case PendingKind.Proof when request.Op == OpCode.Sync:
                reads.AnswerSync(session, request);
                break;
            case PendingKind.Proof when request.HasBarrier:
                reads.Answer(session, request);
                break;
            case PendingKind.Proof:
                outboxes.Reply(session, request.Xid, reads.AppliedIndex, ErrorCode.Ok);
                break;
            case PendingKind.Answered when request.Reply is not null:
                outboxes.OutputOf(session).Write(request.Reply);
                outboxes.CountReply(session, request.Reply.Length - LengthPrefixBytes);
                break;
            case PendingKind.Answered:
                if (request.Error == ErrorCode.AuthFailed)
                    metrics.AuthFailed.Add();
                outboxes.Reply(session, request.Xid, request.Zxid, request.Error);
                break;
            case PendingKind.Malformed:
                outboxes.Reply(session, request.Xid, reads.AppliedIndex, ErrorCode.MarshallingError);
                break;
            case PendingKind.Unanswered:
                break;
        }

        outboxes.Answered(session, request, reads.AppliedIndex);
    }
}
