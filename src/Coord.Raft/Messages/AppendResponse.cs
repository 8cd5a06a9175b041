namespace Coord.Raft;

/// <summary>
/// Answers <see cref="AppendRequest"/>. Accepted: everything up to <paramref name="Index"/> is durable and equals the
/// leader's log. Rejected: the hint says where to go on (raft-design R5, R6).
/// </summary>
/// <param name="Term">The sender's term; above the leader's when refused for its age.</param>
/// <param name="Accepted">True for an acceptance.</param>
/// <param name="Index">Accepted: last index of the message. Rejected: the previous index that was not found.</param>
/// <param name="HintIndex">Rejected: largest own index that may match.</param>
/// <param name="HintTerm">Rejected: term of the entry there.</param>
/// <param name="BarrierRound">As in the request.</param>
public sealed record AppendResponse(
    Term Term,
    bool Accepted,
    LogIndex Index,
    LogIndex HintIndex,
    Term HintTerm,
    long BarrierRound) : RaftMessage(Term);
