namespace Coord.Client.Tests;

/// <summary>Tests against one Coord cluster, one after the other and after all others: they need the machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class CoordCollection : ICollectionFixture<CoordFixture>
{
    public const string Name = "Coord cluster";
}
