namespace Coord.Node.Storage;

/// <summary>
/// A durable entry can no longer be read as it was written (raft-design P22): not compacted, but damaged.
/// </summary>
internal sealed class LogDamagedException(LogDamage damage, long segment) : Exception($"{damage}")
{
    public LogDamage Damage { get; } = damage;

    /// <summary>Number of the segment that holds the entry.</summary>
    public long Segment { get; } = segment;
}
