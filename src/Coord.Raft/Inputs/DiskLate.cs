namespace Coord.Raft;

/// <summary>The log writer is behind (raft-design E16).</summary>
/// <param name="Ticks">Age of the oldest unflushed append; 0 when all is well again.</param>
public sealed record DiskLate(int Ticks) : RaftInput;
