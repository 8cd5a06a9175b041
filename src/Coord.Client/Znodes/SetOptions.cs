namespace Coord.Client;

/// <summary>A set that does not look at the version.</summary>
public sealed record SetOptions
{
    /// <summary>
    /// Whether the set may be sent again after a lost reply. False (default): the outcome is reported as unknown, since
    /// sending again could undo somebody's later write.
    /// </summary>
    public bool Repeatable { get; init; }

    /// <summary>Any version, not repeated.</summary>
    public static SetOptions Overwrite { get; } = new();
}
