namespace Coord.Client.Tests;

[Collection(ZooKeeperCollection.Name)]
public sealed class ZooKeeperCacheTests(ZooKeeperFixture cluster) : CacheContract(cluster);
