namespace Coord.Client;

/// <summary>Where a znode stood as it was created.</summary>
/// <param name="Position">How many stood in line before it.</param>
/// <param name="Predecessor">The name of the nearest of them to wait for; null: there was none.</param>
internal sealed record ZnodeRank(int Position, string? Predecessor);
