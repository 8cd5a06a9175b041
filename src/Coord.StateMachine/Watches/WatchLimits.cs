namespace Coord.StateMachine;

/// <summary>What watchers may have set at a time.</summary>
/// <param name="WatchesMax">Watches of one; a persistent one is two, for it is in both tables.</param>
/// <param name="PathBytesMax">Bytes of their paths, each counted for every watch on it.</param>
public readonly record struct WatchLimits(int WatchesMax, long PathBytesMax)
{
    /// <summary>Watches of all together, counted in the same way.</summary>
    public long TotalMax { get; init; } = long.MaxValue;

    /// <summary>As many as there is memory for.</summary>
    public static WatchLimits None { get; } = new(int.MaxValue, long.MaxValue);
}
