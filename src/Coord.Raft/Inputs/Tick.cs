namespace Coord.Raft;

/// <summary>
/// Time passed since the last turn, by the driver's monotonic clock. Step it last in a turn (raft-design A3).
/// </summary>
/// <param name="ElapsedTicks">Whole ticks, 0 or more; large after a pause (raft-design E14).</param>
public sealed record Tick(int ElapsedTicks) : RaftInput;
