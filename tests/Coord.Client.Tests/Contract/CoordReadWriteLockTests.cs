namespace Coord.Client.Tests;

[Collection(CoordCollection.Name)]
public sealed class CoordReadWriteLockTests(CoordFixture cluster) : ReadWriteLockContract(cluster);
