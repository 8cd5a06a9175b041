namespace Coord.Client.Tests;

[Collection(ZooKeeperCollection.Name)]
public sealed class ZooKeeperReservationTests(ZooKeeperFixture cluster) : ReservationContract(cluster);
