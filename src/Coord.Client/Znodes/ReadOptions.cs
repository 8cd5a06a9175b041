namespace Coord.Client;

/// <summary>How one read is done.</summary>
public sealed record ReadOptions
{
    /// <summary>How fresh; null: <see cref="CoordClientOptions.ReadConsistency"/>.</summary>
    public ReadConsistency? Consistency { get; init; }

    /// <summary>A read of everything committed before the call.</summary>
    public static ReadOptions Fresh { get; } = new() { Consistency = ReadConsistency.Fresh };

    /// <summary>A linearizable read.</summary>
    public static ReadOptions Linearizable { get; } = new() { Consistency = ReadConsistency.Linearizable };
}
