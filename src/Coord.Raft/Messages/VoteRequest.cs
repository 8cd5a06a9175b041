namespace Coord.Raft;

/// <summary>Asks for a vote, or whether one would be given (raft-design E3, E5).</summary>
/// <param name="Term">The term to win; of a pre-vote, the proposed one.</param>
/// <param name="LastIndex">Last index of the asker's log.</param>
/// <param name="LastTerm">Term of that entry.</param>
/// <param name="PreVote">True when nothing is promised yet.</param>
/// <param name="Transfer">True when the leader itself asked for this campaign (raft-design L5).</param>
public sealed record VoteRequest(
    Term Term,
    LogIndex LastIndex,
    Term LastTerm,
    bool PreVote,
    bool Transfer) : RaftMessage(Term);
