namespace Coord.Client;

/// <summary>What the watches that stay have missed since their connection broke.</summary>
/// <param name="After">All events up to this zxid have come.</param>
/// <param name="Seen">The newest zxid of which any has; a server that is behind it is none to go on with.</param>
/// <param name="Paths">What is watched.</param>
internal sealed record MissedPast(long After, long Seen, List<string> Paths);
