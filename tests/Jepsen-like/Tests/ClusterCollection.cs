namespace Coord.JepsenLike.Tests;

/// <summary>
/// Tests that run a cluster of real processes do so one at a time: they share the machine's cores. Beside them run
/// tests that have none.
/// </summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection
{
    public const string Name = "cluster";
}
