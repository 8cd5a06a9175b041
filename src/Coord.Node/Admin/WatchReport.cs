namespace Coord.Node.Admin;

/// <summary>A path that a session of this node watches, in whatever ways.</summary>
internal readonly record struct WatchedBySession(long Session, string Path);

/// <summary>The watches of this node's clients, as they were found over some turns of the replica.</summary>
/// <param name="Watches">Each session and path once, in no particular order.</param>
/// <param name="IsCut">There are more than a report may hold.</param>
internal sealed record WatchReport(IReadOnlyList<WatchedBySession> Watches, bool IsCut);
