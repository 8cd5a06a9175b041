namespace Coord.Client;

/// <summary>What a delete requires of the znode.</summary>
public sealed record DeleteOptions
{
    /// <summary>The version it must have; null (default): any.</summary>
    public int? ExpectedVersion { get; init; }
}
