namespace Coord.Client.Recipes;

/// <summary>
/// Root and reservations of the same moment: a reservation or a commit in between would have moved the version.
/// </summary>
/// <param name="Bytes">Total, sold and tags.</param>
/// <param name="Version">The root's version.</param>
/// <param name="Reservations">Live ones; some may have vanished since, which only frees units.</param>
internal sealed record StockPicture(StockBytes Bytes, int Version, IReadOnlyList<ReservationName> Reservations)
{
    internal StockState State
    {
        get
        {
            long reserved = 0;
            foreach (var reservation in Reservations)
                reserved = checked(reserved + reservation.Quantity);
            return new StockState(Bytes.Total, Bytes.Sold, reserved);
        }
    }
}
