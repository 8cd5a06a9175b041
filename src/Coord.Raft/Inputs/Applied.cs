namespace Coord.Raft;

/// <summary>The state machine has applied everything up to here.</summary>
/// <param name="Index">Last index applied.</param>
public sealed record Applied(LogIndex Index) : RaftInput;
