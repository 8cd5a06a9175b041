namespace Coord.Client.Tests;

[Collection(ZooKeeperCollection.Name)]
public sealed class ZooKeeperLockTests(ZooKeeperFixture cluster) : LockContract(cluster);
