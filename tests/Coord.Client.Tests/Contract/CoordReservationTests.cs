namespace Coord.Client.Tests;

[Collection(CoordCollection.Name)]
public sealed class CoordReservationTests(CoordFixture cluster) : ReservationContract(cluster);
