namespace Coord.Raft;


/// <summary>The promise that survives restarts, one record in the log stream (raft-design P1).</summary>
/// <param name="Term">The latest term this node knows.</param>
/// <param name="VotedFor">Whom it voted for in that term, or null.</param>
public readonly record struct HardState(Term Term, NodeId? VotedFor);
