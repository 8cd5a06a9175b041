namespace Coord.Client.Tests;

[Collection(CoordCollection.Name)]
public sealed class CoordCounterTests(CoordFixture cluster) : CounterContract(cluster);
