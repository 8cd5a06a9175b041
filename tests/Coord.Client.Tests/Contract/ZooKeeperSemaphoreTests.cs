namespace Coord.Client.Tests;

[Collection(ZooKeeperCollection.Name)]
public sealed class ZooKeeperSemaphoreTests(ZooKeeperFixture cluster) : SemaphoreContract(cluster);
