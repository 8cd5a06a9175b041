namespace Coord.Client.Tests;

[Collection(CoordCollection.Name)]
public sealed class CoordCacheTests(CoordFixture cluster) : CacheContract(cluster);
