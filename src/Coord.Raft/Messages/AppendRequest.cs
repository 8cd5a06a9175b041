namespace Coord.Raft;

/// <summary>The leader's entries, or none to probe or to tell a commit index (raft-design R1).</summary>
/// <param name="Term">The leader's term.</param>
/// <param name="PreviousIndex">Index before the first entry.</param>
/// <param name="PreviousTerm">Term of the entry there.</param>
/// <param name="Commit">The leader's commit index.</param>
/// <param name="BarrierRound">Latest read barrier round (raft-design Q3); 0 for none.</param>
/// <param name="Entries">Entries from <paramref name="PreviousIndex"/> + 1 on. An array, shared with the log and
/// other peers: never changed.</param>
public sealed record AppendRequest(
    Term Term,
    LogIndex PreviousIndex,
    Term PreviousTerm,
    LogIndex Commit,
    long BarrierRound,
    IReadOnlyList<Entry> Entries) : RaftMessage(Term);
