using Coord.Node.Peers;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// What only a leader does: records contacts and confirms them by a quorum, ends sessions whose time is over, and
/// proposes what followers forward.
/// </summary>
internal sealed class LeaderDuties(
    ReplicaView view, SessionExpiry expiry, ZnodeSweep sweep, EntryBuffer buffer, IPeerLinks links, NodeLimits limits)
{
    private readonly Dictionary<long, Barrier> barriers = [];
    private readonly List<ReadOnlyMemory<byte>> batch = [];
    private readonly List<(Barrier Barrier, long Index)> confirmed = [];
    private IReadOnlyList<long> endings = [];
    private long firstEndingToken;
    private long nextBarrierToken = 1;

    /// <summary>This node has applied its term's first entry: from now on it judges sessions.</summary>
    public bool HasTimers { get; private set; }

    /// <summary>Role, term or leader changed: what was under way belongs to another leader now.</summary>
    public void Reset()
    {
        barriers.Clear();
        endings = [];
        confirmed.Clear();
        expiry.Clear();
        sweep.Reset();
        HasTimers = false;
    }

    /// <summary>The loop stood still for so long that contacts may have been missed (raft-design E14).</summary>
    public void WasPaused() => expiry.RestartAll(view.NowMs);

    /// <summary>A new leader gives every session a full timeout from here (design.md section 5).</summary>
    public void LoadTimers(ZnodeTree tree)
    {
        foreach (var session in tree.Sessions)
            expiry.Track(session.Id, session.TimeoutMs, view.NowMs);
        sweep.Begin();
        HasTimers = true;
    }

    /// <summary>
    /// Proposes a follower's entries, in its order. One that is no member never hears what became of them: it would
    /// send them for ever, and keep their sessions alive.
    /// </summary>
    public void TakeForwarded(RaftCore core, NodeId from, ForwardedEntries forwarded)
    {
        if (!IsHeard(core, from))
            return;
        batch.Clear();
        foreach (var entry in forwarded.Entries)
        {
            // A peer of ours encoded it; what is too short for a header can only come from a broken one.
            if (!EntryHeader.TryRead(entry.Span, out var header))
                return;
            batch.Add(entry);
            expiry.Contact(header.SessionId, view.NowMs);
        }

        LeaderEntries.Stamp(batch, view.WallClockMs, limits.EntryFlags);
        core.Step(new Propose(batch, view.NextProposalToken(batch.Count)));
    }

    /// <summary>
    /// Sessions that a node heard of. The answer leaves when a barrier round begun later is confirmed.
    /// </summary>
    public void TakeContacts(RaftCore core, NodeId from, long reportId, ReadOnlySpan<long> sessions)
    {
        if (!IsHeard(core, from))
        {
            Answer(new Barrier(from, reportId, 0), 0, accepted: false);
            return;
        }

        var isAnyEnding = false;
        foreach (var session in sessions)
            isAnyEnding |= !expiry.Contact(session, view.NowMs);

        // Nothing is promised to a session whose end is on its way: the answer then names the end of the log, and
        // the follower sees the session gone before it answers anybody.
        var notBefore = isAnyEnding ? core.Status.Last.Value : 0;
        var token = nextBarrierToken++;
        barriers.Add(token, new Barrier(from, reportId, notBefore));
        core.Step(new ReadBarrier(-token));
    }

    /// <summary>A quorum confirmed this leader after the contacts were recorded.</summary>
    public void Confirmed(ReadState state)
    {
        if (barriers.Remove(-state.Token, out var barrier))
            confirmed.Add((barrier, state.Index.Value));
    }

    /// <summary>
    /// Answers what is confirmed and applied here: applied, since an inherited expiry may be in the log.
    /// </summary>
    public void AnswerConfirmed(long appliedIndex, ProofRounds ownRounds)
    {
        for (var position = confirmed.Count - 1; position >= 0; position--)
        {
            var (barrier, index) = confirmed[position];
            if (index > appliedIndex)
                continue;
            confirmed.RemoveAt(position);
            var through = Math.Max(index, barrier.NotBefore);
            if (barrier.From == view.Self)
                ownRounds.Answered(barrier.ReportId, through);
            else
                Answer(barrier, through, accepted: true);
        }
    }

    /// <summary>Ends sessions whose time is over, a few per turn.</summary>
    public void ExpireSessions(RaftCore core, ZnodeTree tree)
    {
        if (!view.IsLeader || !HasTimers)
            return;

        // Those before are in the log by now: what the core refuses of a leader in office, it refuses in the same turn.
        endings = expiry.TakeDue(
            view.NowMs, limits, session => tree.TryGetSession(session, out var ending) ? ending.EphemeralCount : 0);
        if (endings.Count == 0)
            return;
        batch.Clear();
        firstEndingToken = view.NextProposalToken(endings.Count);
        foreach (var session in endings)
        {
            batch.Add(buffer.Write(
                new EntryHeader { Command = EntryCommand.ExpireSession, SessionId = session }, [], []));
        }

        LeaderEntries.Stamp(batch, view.WallClockMs, limits.EntryFlags);
        core.Step(new Propose(batch, firstEndingToken));
    }

    /// <summary>Deletes containers and znodes whose time is over, a few per tick.</summary>
    public void SweepZnodes(RaftCore core, ZnodeTree tree)
    {
        if (!view.IsLeader || !HasTimers)
            return;
        batch.Clear();
        sweep.TakeDue(tree, batch);
        if (batch.Count == 0)
            return;
        LeaderEntries.Stamp(batch, view.WallClockMs, limits.EntryFlags);
        var token = view.NextProposalToken(batch.Count);
        sweep.Proposed(token, batch.Count);
        core.Step(new Propose(batch, token));
    }

    /// <summary>Proposals of the leader itself that the core refused: those sessions' timers run again.</summary>
    public void Refused(Rejection rejection)
    {
        if (barriers.Remove(-rejection.Token, out var barrier) && barrier.From != view.Self)
            Answer(barrier, 0, accepted: false);
        for (var offset = 0; offset < rejection.Count; offset++)
        {
            var ending = rejection.Token + offset - firstEndingToken;
            if (ending >= 0 && ending < endings.Count)
                expiry.Revive(endings[(int)ending], view.NowMs);
            sweep.Refused(rejection.Token + offset);
        }
    }

    // A leader that is being removed serves its own clients to the end of its office (raft-design M10).
    private bool IsHeard(RaftCore core, NodeId from) =>
        view.IsLeader && (from == view.Self || core.Membership.Contains(from));

    private void Answer(Barrier barrier, long index, bool accepted) =>
        links.Send(barrier.From, new ContactAnswer(barrier.ReportId, new LogIndex(index), accepted));

    private readonly record struct Barrier(NodeId From, long ReportId, long NotBefore);
}
