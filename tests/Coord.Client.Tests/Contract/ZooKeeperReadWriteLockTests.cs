namespace Coord.Client.Tests;

[Collection(ZooKeeperCollection.Name)]
public sealed class ZooKeeperReadWriteLockTests(ZooKeeperFixture cluster) : ReadWriteLockContract(cluster);
