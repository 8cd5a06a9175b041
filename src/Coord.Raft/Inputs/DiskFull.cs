namespace Coord.Raft;

/// <summary>
/// This node's disk has no room for another segment of the log, or has it again (raft-design P40). What is appended
/// from here on goes into the spare one, so there is little of it. The driver tells the end with hysteresis.
/// </summary>
/// <param name="IsFull">True from when the next segment cannot be prepared.</param>
public sealed record DiskFull(bool IsFull) : RaftInput;
