namespace Coord.Client.Tests;

[Collection(ZooKeeperCollection.Name)]
public sealed class ZooKeeperUpgradeableLockTests(ZooKeeperFixture cluster) : UpgradeableLockContract(cluster);
