namespace Coord.Raft;

/// <summary>The leader asks its chosen successor to campaign at once (raft-design L3).</summary>
/// <param name="Term">The leader's term.</param>
public sealed record TimeoutNow(Term Term) : RaftMessage(Term);
