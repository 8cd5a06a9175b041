namespace Coord.Client.Tests;

[Collection(ZooKeeperCollection.Name)]
public sealed class ZooKeeperCounterTests(ZooKeeperFixture cluster) : CounterContract(cluster);
