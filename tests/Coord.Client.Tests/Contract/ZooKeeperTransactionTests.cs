namespace Coord.Client.Tests;

[Collection(ZooKeeperCollection.Name)]
public sealed class ZooKeeperTransactionTests(ZooKeeperFixture cluster) : TransactionContract(cluster);
