namespace Coord.Client.Tests;

[Collection(ZooKeeperCollection.Name)]
public sealed class ZooKeeperWatchTests(ZooKeeperFixture cluster) : WatchContract(cluster);
