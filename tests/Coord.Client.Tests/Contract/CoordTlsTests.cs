namespace Coord.Client.Tests;

[Collection(TlsCollection.Name)]
public sealed class CoordTlsTests(CoordTlsFixture cluster) : TlsContract(cluster), IClassFixture<CoordTlsFixture>;
