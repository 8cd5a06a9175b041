namespace Coord.Client.Tests;

[Collection(ZooKeeperCollection.Name)]
public sealed class ZooKeeperIdTests(ZooKeeperFixture cluster) : IdContract(cluster);
