namespace Coord.Raft;


/// <summary>
/// Where logs may agree: one round trip per differing term at most (Raft thesis 3.5; raft-design R6).
/// </summary>
internal static class ConflictHint
{
    /// <summary>
    /// The follower's hint for a previous entry it does not have: its last entry at or below whose term the leader
    /// could
    /// share. Never below the commit index, where the logs agree for sure.
    /// </summary>
    public static LogIndex OfFollower(RaftLog log, LogIndex commit, LogIndex previousIndex, Term previousTerm) =>
        LogIndex.Max(commit, log.Terms.LastWithTermAtMost(previousIndex, previousTerm));

    /// <summary>
    /// The leader's next index after a rejection: behind its own last entry that the hint does not exclude. A result
    /// below the retained log means that a snapshot is needed.
    /// </summary>
    public static LogIndex NextOfLeader(RaftLog log, LogIndex rejected, LogIndex hintIndex, Term hintTerm)
    {
        var limit = LogIndex.Min(LogIndex.Min(hintIndex, rejected.Previous), log.LastIndex);
        if (limit < log.Terms.BaseIndex)
            return LogIndex.Max(limit.Next, new LogIndex(1));

        var index = log.Terms.LastWithTermAtMost(limit, hintTerm);
        var isExcluded = log.TermAt(index) > hintTerm;
        return LogIndex.Max(isExcluded ? index : index.Next, new LogIndex(1));
    }
}
