namespace Coord.Raft;

/// <summary>
/// Asks for an index that makes a read linearizable. For a leader only: others refuse with a hint (raft-design Q5).
/// </summary>
/// <param name="Token">Comes back in <see cref="ReadState"/> or <see cref="Rejection"/>.</param>
public sealed record ReadBarrier(long Token) : RaftInput;
