namespace Coord.Raft;

/// <summary>
/// Proposals or a barrier that end here. Exactly one end is reported for each token that is not committed.
/// </summary>
/// <param name="Token">First token.</param>
/// <param name="Count">How many tokens in a row, from <paramref name="Token"/> on, have this end; 1 for a
/// barrier.</param>
/// <param name="Reason">Why.</param>
/// <param name="LeaderHint">Who leads, if known.</param>
public readonly record struct Rejection(long Token, int Count, RejectReason Reason, NodeId? LeaderHint);
