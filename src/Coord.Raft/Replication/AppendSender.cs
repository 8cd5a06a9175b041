namespace Coord.Raft;


/// <summary>What a leader sends at the end of a turn (Raft thesis 3.5, 10.2; raft-design section 6).</summary>
internal sealed class AppendSender(RaftState state, ReadBarriers barriers)
{
    /// <summary>Everything that is due to all peers.</summary>
    public void Flush(bool heartbeatDue)
    {
        foreach (var peer in state.Peers)
        {
            if (peer.State == PeerState.Probe && !peer.ProbeSent)
                Probe(peer);
            else if (peer.State == PeerState.Replicate)
                Stream(peer);

            if (heartbeatDue || barriers.Round > peer.RoundSent)
                SendHeartbeat(peer);
        }
    }

    private void Probe(PeerProgress peer)
    {
        if (IsHeldBack(peer))
            SendEmpty(peer);
        else if (!TrySend(peer, probe: true))
            return;

        peer.ProbeSent = true;
    }

    private void Stream(PeerProgress peer)
    {
        while (peer.Next <= state.Log.LastIndex
            && !peer.Window.IsFull
            && !IsWorthWaiting(peer)
            && !IsHeldBack(peer))
        {
            if (!TrySend(peer, probe: false))
                return;
        }

        if (peer.CheckDue || IsCommitNoticeDue(peer))
            SendEmpty(peer);
    }

    // Raft-design R10: while enough is in flight, a small batch grows until an acknowledgement comes.
    private bool IsWorthWaiting(PeerProgress peer)
    {
        var log = state.Log;
        return peer.Window.Count >= state.Settings.SmallBatchesInFlightMax
            && log.Window.Contains(peer.Next)
            && log.Window.IsLighter(peer.Next, log.LastIndex, state.Settings.SmallBatchBytes);
    }

    // Raft-design P40: what a full disk's spare segment holds is kept until a quorum depends on it. Then proposals are
    // refused, so what is left is what nobody committed yet, and the engine's own entries.
    private bool IsHeldBack(PeerProgress peer) =>
        peer.IsStorageFull is true && !(state.IsQuorumFull && IsVoterWithLittleToTake(peer));

    private bool IsVoterWithLittleToTake(PeerProgress peer)
    {
        var (log, first) = (state.Log, peer.Match.Next);
        return state.Membership.IsVoter(peer.Id)
            && (first > log.LastIndex || log.Window.Contains(first))
            && log.Window.IsLighter(first, log.LastIndex, state.Settings.StorageSpareBytes);
    }

    // Raft-design R14: a commit index is told once, with the next message or by an empty append.
    private bool IsCommitNoticeDue(PeerProgress peer) =>
        !peer.Window.IsFull && LogIndex.Min(state.Commit, peer.Next.Previous) > peer.CommitSent;

    private bool TrySend(PeerProgress peer, bool probe)
    {
        var log = state.Log;
        if (!CanSendFrom(peer.Next))
        {
            StartSnapshot(peer);
            return false;
        }

        Entry[] entries;
        if (peer.Next > log.LastIndex)
            entries = [];
        else if (log.Window.Contains(peer.Next))
            entries = log.Slice(peer.Next, EndOfMessage(peer.Next));
        else if (!TryTakeFetched(peer, out entries))
            return false;

        SendAppend(peer, entries);
        if (!probe)
            peer.SentTo(entries[^1].Index, CountBytes(entries), state.Now);
        if (entries.Length > 0)
            peer.CatchUp.Sent(log.LastIndex, state.Now);
        return true;
    }

    private LogIndex EndOfMessage(LogIndex first) =>
        state.Log.Window.EndWithin(first, state.Log.LastIndex, state.Settings.AppendBytesMax);

    // Raft-design R12: an unknown previous term is never sent as 0; who is behind the log gets a snapshot (BR1).
    private bool CanSendFrom(LogIndex next)
    {
        var log = state.Log;
        return log.Terms.TryTermAt(next.Previous, out _)
            && (next > log.LastIndex || log.Window.Contains(next) || next >= log.FirstIndex);
    }

    private bool TryTakeFetched(PeerProgress peer, out Entry[] entries)
    {
        entries = peer.Fetched ?? [];
        peer.Fetched = null;
        if (entries.Length > 0 && entries[0].Index == peer.Next)
            return true;

        if (peer.Fetching == default)
        {
            peer.Fetching = peer.Next;
            state.Outbox.Pending.FetchList.Add(
                new FetchEntries(peer.Id, peer.Next, state.Log.LastIndex, state.Settings.AppendBytesMax));
        }

        return false;
    }

    private void StartSnapshot(PeerProgress peer)
    {
        var log = state.Log;
        Invariant.Require(log.SnapshotIndex >= peer.Next.Previous, "Compacted entries are covered by a snapshot.");
        peer.BecomeSnapshot(log.SnapshotIndex);
        state.Outbox.Pending.SendSnapshotList.Add(
            new SendSnapshot(peer.Id, state.Term, log.SnapshotIndex, log.SnapshotTerm));
    }

    private void SendEmpty(PeerProgress peer)
    {
        peer.CheckDue = false;
        if (state.Log.Terms.TryTermAt(peer.Next.Previous, out _))
            SendAppend(peer, []);
        else
            StartSnapshot(peer); // The log was compacted while the window was stuck (BR1).
    }

    private void SendAppend(PeerProgress peer, Entry[] entries)
    {
        var previous = peer.Next.Previous;
        state.Outbox.Send(peer.Id, new AppendRequest(
            state.Term,
            previous,
            state.Log.TermAt(previous),
            state.Commit,
            barriers.Round,
            entries));
        peer.CommitSent = LogIndex.Max(peer.CommitSent, LogIndex.Min(state.Commit, previous + entries.Length));
        peer.RoundSent = barriers.Round;
    }

    private void SendHeartbeat(PeerProgress peer)
    {
        // Raft-design R13: below what the peer acknowledged, its log needs no check.
        var commit = LogIndex.Min(state.Commit, peer.Match);
        state.Outbox.Send(peer.Id, new Heartbeat(state.Term, commit, barriers.Round));
        peer.CommitSent = LogIndex.Max(peer.CommitSent, commit);
        peer.RoundSent = barriers.Round;
    }

    private static long CountBytes(Entry[] entries)
    {
        var bytes = 0L;
        foreach (ref readonly var entry in entries.AsSpan())
            bytes += entry.CountedBytes;
        return bytes;
    }
}
