namespace Coord.Client.Tests;

[Collection(CoordCollection.Name)]
public sealed class CoordSemaphoreTests(CoordFixture cluster) : SemaphoreContract(cluster);
