using Coord.Node.Clients;
using Coord.Node.Peers;
using Coord.Protocol;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// The way of this node's writes into the log: each becomes an entry with an origin sequence, and all that gathered
/// in a turn go to the leader as one batch, or into the log when this node leads (raft-design R19, I9).
/// </summary>
internal sealed class Proposals(
    ReplicaView view, OwnEntries own, SessionExpiry expiry, EntryBuffer buffer, IPeerLinks links, NodeLimits limits)
    : IWriteProposer
{
    private readonly List<ReadOnlyMemory<byte>> batch = [];
    private long lastProgressMs;
    private long sentAgainAtMs = long.MinValue / 2;
    private bool isBackingOff;

    /// <summary>Entries of this node's clients that are not applied here yet.</summary>
    public int Outstanding => own.Count;

    /// <summary>Entries wait, and there is a way to the leader with room in the window.</summary>
    public bool CanSend =>
        !isBackingOff && own.HasRoomToSend && (view.IsLeader || (view.Leader is { } leader && view.IsLinked(leader)));

    public long Propose(ClientSession session, in PendingRequest request)
    {
        var command = request.Op == OpCode.CloseSession ? EntryCommand.CloseSession : EntryCommand.Request;
        var entry = buffer.Write(
            Header(command, session.Id, session.Attachment),
            request.Identities,
            command == EntryCommand.Request ? request.Body.Span : default);
        return own.Add(entry, session);
    }

    /// <summary>The entry that makes a session, or takes one up again on this connection.</summary>
    public void ProposeSession(ClientSession session, long sessionId, int timeoutMs, ReadOnlySpan<byte> passwordHash)
    {
        var command = sessionId == 0 ? EntryCommand.CreateSession : EntryCommand.ReattachSession;
        own.Add(EntryCodec.Session(Header(command, sessionId, 0), timeoutMs, passwordHash), session);
    }

    /// <summary>Sends what gathered. Called once per turn, after all inputs were taken in.</summary>
    public void SendTurn(RaftCore core)
    {
        if (own.HasInFlight && view.NowMs - lastProgressMs > limits.ForwardRetry.TotalMilliseconds)
            SendAgain();
        while (own.HasUnsent && !isBackingOff)
        {
            batch.Clear();
            if (view.IsLeader)
                ProposeHere(core);
            else if (!TryForward())
                return;
            if (batch.Count == 0)
                return;
        }
    }

    /// <summary>The core refused proposals of this node: they wait for the next tick.</summary>
    public void Refused()
    {
        own.SendAgain();
        isBackingOff = true;
    }

    public void Tick() => isBackingOff = false;

    /// <summary>The leader, its term or the way to it changed, or apply showed a loss.</summary>
    public void SendAgain()
    {
        own.SendAgain();
        lastProgressMs = view.NowMs;
    }

    /// <summary>
    /// Apply showed that an entry was lost on its way. A lost batch shows as many losses as it had followers in the
    /// log, so all are sent again once per tick at most.
    /// </summary>
    public void LossShown()
    {
        if (view.NowMs - sentAgainAtMs < limits.ReplicaTick.TotalMilliseconds)
            return;
        sentAgainAtMs = view.NowMs;
        SendAgain();
    }

    /// <summary>The oldest entry was applied; says who waits for it.</summary>
    public bool TryTakeApplied(long sequence, out OwnEntry entry)
    {
        lastProgressMs = view.NowMs;
        return own.TryTakeApplied(sequence, out entry);
    }

    /// <summary>An installed snapshot contains these already.</summary>
    public void DropThrough(long sequence) => own.DropThrough(sequence);

    private EntryHeader Header(EntryCommand command, long sessionId, long attachment) => new()
    {
        Command = command,
        Flags = limits.ExtendedTypesEnabled ? EntryFlags.None : EntryFlags.RefuseTtl,
        OriginNode = view.Self.Value,
        OriginStart = view.ProcessStart,
        OriginSequence = own.NextSequence,
        SessionId = sessionId,
        Attachment = attachment,
    };

    private void ProposeHere(RaftCore core)
    {
        own.TakeUnsent(batch, here: true);
        if (batch.Count == 0)
            return;
        NoteContacts();
        LeaderEntries.Stamp(batch, view.WallClockMs, limits.EntryFlags);
        core.Step(new Propose(batch, view.NextProposalToken(batch.Count)));
    }

    // An entry is a contact (design.md section 10), of the leader's own clients too: a session that is taken up
    // here must not be ended behind its handshake because it was last heard of long ago.
    private void NoteContacts()
    {
        foreach (var entry in batch)
        {
            if (EntryHeader.TryRead(entry.Span, out var header))
                expiry.Contact(header.SessionId, view.NowMs);
        }
    }

    private bool TryForward()
    {
        if (view.Leader is not { } leader || !view.IsLinked(leader))
            return false;
        own.TakeUnsent(batch, here: false);
        if (batch.Count > 0)
            links.Send(leader, new ForwardedEntries([.. batch]));
        return true;
    }
}
