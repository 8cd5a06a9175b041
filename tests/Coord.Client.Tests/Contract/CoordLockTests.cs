namespace Coord.Client.Tests;

[Collection(CoordCollection.Name)]
public sealed class CoordLockTests(CoordFixture cluster) : LockContract(cluster);
