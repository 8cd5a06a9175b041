namespace Coord.JepsenLike.Faults;

/// <summary>The last lines of what a node printed.</summary>
internal sealed record NodeLog(int Node, IReadOnlyList<string> Lines);
