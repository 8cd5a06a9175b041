namespace Coord.Client.Tests;

[Collection(CoordCollection.Name)]
public sealed class CoordZnodeTests(CoordFixture cluster) : ZnodeContract(cluster);
