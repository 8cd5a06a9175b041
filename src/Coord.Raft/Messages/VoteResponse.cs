namespace Coord.Raft;

/// <summary>Answers <see cref="VoteRequest"/>. A grant carries the asked term, a refusal the sender's own.</summary>
/// <param name="Term">See above.</param>
/// <param name="Granted">True for a vote.</param>
/// <param name="PreVote">As in the request.</param>
public sealed record VoteResponse(Term Term, bool Granted, bool PreVote) : RaftMessage(Term);
