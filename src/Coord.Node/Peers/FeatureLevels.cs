namespace Coord.Node.Peers;

/// <summary>
/// What this build understands of what a cluster agrees on: entry kinds, snapshot formats, how entries are applied. A
/// cluster's level is raised by a log entry once every member knows the next one, and never lowered (raft-design I6).
/// What needs a new one: docs/decisions/0012-what-a-feature-level-gates.md.
/// </summary>
internal static class FeatureLevels
{
    /// <summary>How every cluster begins.</summary>
    public const ushort Min = 1;

    /// <summary>
    /// Leases are allowed, and a refused connection no longer proves a leader gone (raft-design Q11).
    /// </summary>
    public const ushort Max = 2;
}
