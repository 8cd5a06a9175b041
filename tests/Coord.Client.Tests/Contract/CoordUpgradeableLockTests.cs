namespace Coord.Client.Tests;

[Collection(CoordCollection.Name)]
public sealed class CoordUpgradeableLockTests(CoordFixture cluster) : UpgradeableLockContract(cluster);
