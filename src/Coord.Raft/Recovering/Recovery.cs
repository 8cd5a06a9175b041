namespace Coord.Raft;

/// <summary>
/// This node lost part of its disk: it takes in everything and promises nothing, until an entry that was made after its
/// return is committed without it (raft-design P30; why each part is needed: docs/internals/recovering.md).
/// </summary>
internal sealed class Recovery(RaftState state, bool isRecovering, long processStart)
{
    // The last recovery point for this process in the own log; index 0 without one.
    private (LogIndex Index, Term Term) point;
    private bool isTold;

    /// <summary>Refuses votes, never campaigns, counts for nothing.</summary>
    public bool IsUnderWay { get; private set; } = isRecovering;

    /// <summary>An entry was appended.</summary>
    public void Appended(in Entry entry)
    {
        if (!IsUnderWay || entry.Kind != EntryKind.RecoveryPoint)
            return;

        if (RecoveryPoint.Decode(entry.Payload.Span) == new RecoveryPoint(state.Self, processStart))
            point = (entry.Index, entry.Term);
    }

    /// <summary>Entries above <paramref name="last"/> were removed.</summary>
    public void TruncatedAfter(LogIndex last)
    {
        if (point.Index > last)
            point = default;
    }

    /// <summary>A received snapshot replaced the whole log: the leader makes another point.</summary>
    public void Restored() => point = default;

    /// <summary>
    /// Once a turn: the point is committed and durable here, and its leader still leads. Then the vote of its term is
    /// marked as used, and when that is durable too the driver clears the flag.
    /// </summary>
    public void Advance(RaftReady ready)
    {
        if (!IsUnderWay || isTold || !IsReached)
            return;

        state.VoteFor(state.VotedFor ?? state.Leader ?? state.Self);
        if (!state.IsHardStateDurable)
            return;

        isTold = true;
        ready.RecoveryEnded = true;
    }

    /// <summary>The durable flag is cleared.</summary>
    public void End()
    {
        Invariant.Require(isTold, "Only a recovery that reached its end is ended.");
        IsUnderWay = false;
    }

    private bool IsReached =>
        point.Index != default
        && point.Term == state.Term
        && point.Index <= LogIndex.Min(state.Commit, state.Log.Durable);
}
