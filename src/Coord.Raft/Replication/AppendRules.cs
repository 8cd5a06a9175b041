namespace Coord.Raft;


/// <summary>A follower's side of replication (Raft thesis 3.5; raft-design R2 to R6).</summary>
internal sealed class AppendRules(RaftState state, Roles roles, Acknowledgements acknowledgements)
{
    // Latest barrier round echoed in this term.
    private Term echoedTerm;
    private long echoedRound;

    /// <summary>Entries, a probe or a commit notice.</summary>
    public void OnAppend(NodeId from, AppendRequest request)
    {
        if (request.Term < state.Term)
        {
            // Silence would leave an old leader in office and this node stuck (raft-design E4).
            state.Outbox.Send(from, new AppendResponse(state.Term, Accepted: false, default, default, default, 0));
            return;
        }

        // The timer is reset whether or not the log check passes (raft-design E2, BE17).
        roles.FollowLeader(from, request.Term);
        EchoAtOnce(from, request.BarrierRound);
        if (state.Installing)
            return; // Whatever is appended now would be dropped with the old log (raft-design S9).

        if (request.PreviousIndex < state.Commit)
            acknowledgements.Accept(from, state.Commit, request.BarrierRound);
        else if (!state.Log.Matches(request.PreviousIndex, request.PreviousTerm))
            Reject(from, request);
        else
            Accept(from, request);
    }

    /// <summary>A sign of life, with a commit index that needs no log check (raft-design R13).</summary>
    public void OnHeartbeat(NodeId from, Heartbeat heartbeat)
    {
        if (heartbeat.Term < state.Term)
        {
            state.Outbox.Send(from, new HeartbeatResponse(state.Term, 0, state.IsDiskFull));
            return;
        }

        roles.FollowLeader(from, heartbeat.Term);
        if (!state.Installing)
            NoteCommit(heartbeat.Commit);
        NoteEcho(heartbeat.BarrierRound);
        state.Outbox.Send(from, new HeartbeatResponse(state.Term, heartbeat.BarrierRound, state.IsDiskFull));
    }

    // The leader may not have met this process yet, and still goes by what was acknowledged before the disk lost it:
    // what is left may end earlier, or hold an entry that was replaced since (raft-design R17, P30).
    private void NoteCommit(LogIndex commit)
    {
        if (state.Recovery.IsUnderWay)
            commit = LogIndex.Min(commit, acknowledgements.Verified);
        Invariant.Require(
            commit <= state.Log.LastIndex, "The leader counts entries as acknowledged that this log does not hold.");
        state.CommitTo(commit);
    }

    private void Accept(NodeId from, AppendRequest request)
    {
        var entries = request.Entries;
        var last = request.PreviousIndex + entries.Count;
        var known = 0;
        while (known < entries.Count && state.Log.Matches(request.PreviousIndex + known + 1, entries[known].Term))
            known++;
        if (known < entries.Count)
            AppendFrom(request, known);

        // The acceptance and the commit index go no further than this message proves (raft-design R5, BC3, BC4).
        state.CommitTo(LogIndex.Min(request.Commit, last));
        acknowledgements.Accept(from, last, request.BarrierRound);
    }

    private void AppendFrom(AppendRequest request, int known)
    {
        var first = request.PreviousIndex + known + 1;
        if (first <= state.Log.LastIndex)
        {
            // Only a term conflict removes entries, and never a committed one (raft-design R3, R4).
            Invariant.Require(first > state.Commit, "The leader contradicts a committed entry.");
            state.TruncateAfter(first.Previous);
        }

        for (var i = known; i < request.Entries.Count; i++)
        {
            var entry = request.Entries[i];
            Invariant.Require(entry.Term <= request.Term, "No entry is newer than its leader.");
            entry.RequireKnownKind();
            state.Append(entry);
        }

        // The frame's own array serves the log writer too, if it is all that this turn appends (raft-design F6).
        if (known == 0 && request.Entries is Entry[] entries)
            state.Log.Share(first, entries);
    }

    private void Reject(NodeId from, AppendRequest request)
    {
        var hint = ConflictHint.OfFollower(state.Log, state.Commit, request.PreviousIndex, request.PreviousTerm);
        state.Outbox.Send(from, new AppendResponse(
            state.Term,
            Accepted: false,
            request.PreviousIndex,
            hint,
            state.Log.TermAt(hint),
            request.BarrierRound));
    }

    // An acceptance waits for the disk; who waits for a read barrier need not (raft-design section 11, first table).
    private void EchoAtOnce(NodeId from, long round)
    {
        if (NoteEcho(round))
            state.Outbox.Send(from, new HeartbeatResponse(state.Term, round, state.IsDiskFull));
    }

    private bool NoteEcho(long round)
    {
        if (echoedTerm == state.Term && round <= echoedRound)
            return false;

        echoedTerm = state.Term;
        echoedRound = round;
        return round > 0;
    }
}
