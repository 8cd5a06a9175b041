namespace Coord.Client.Tests;

[Collection(TlsCollection.Name)]
public sealed class ZooKeeperTlsTests(ZooKeeperTlsFixture cluster)
    : TlsContract(cluster), IClassFixture<ZooKeeperTlsFixture>;
