namespace Coord.Client.Tests;

/// <summary>
/// Tests against one Apache ZooKeeper cluster, one after the other and after all others: they need the machine.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ZooKeeperCollection : ICollectionFixture<ZooKeeperFixture>
{
    public const string Name = "Apache ZooKeeper cluster";
}
