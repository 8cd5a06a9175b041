namespace Coord.Client.Tests;

[Collection(CoordCollection.Name)]
public sealed class CoordWatchTests(CoordFixture cluster) : WatchContract(cluster);
