namespace Coord.Client.Tests;

[Collection(ZooKeeperCollection.Name)]
public sealed class ZooKeeperZnodeTests(ZooKeeperFixture cluster) : ZnodeContract(cluster);
