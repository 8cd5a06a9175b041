namespace Coord.Raft;

/// <summary>Keeps followers from campaigning; carries no entries (raft-design R13).</summary>
/// <param name="Term">The leader's term.</param>
/// <param name="Commit">min(match, commit): safe to take without a log check.</param>
/// <param name="BarrierRound">Latest read barrier round.</param>
public sealed record Heartbeat(Term Term, LogIndex Commit, long BarrierRound) : RaftMessage(Term);
