namespace Coord.JepsenLike.Networks;

/// <summary>One direction between two places.</summary>
internal readonly record struct Hop(Place From, Place To);
