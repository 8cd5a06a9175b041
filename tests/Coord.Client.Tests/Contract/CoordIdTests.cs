namespace Coord.Client.Tests;

[Collection(CoordCollection.Name)]
public sealed class CoordIdTests(CoordFixture cluster) : IdContract(cluster);
