using Coord.Protocol;

namespace Coord.Client.Recipes;

/// <summary>
/// Root and reservations of the same moment: a reservation or a commit in between would have moved the version.
/// </summary>
/// <param name="Bytes">Total, sold and the last changes.</param>
/// <param name="Stat">The root's metadata.</param>
/// <param name="Reservations">Live ones; some may have vanished since, which only frees units.</param>
internal sealed record StockPicture(StockBytes Bytes, Stat Stat, IReadOnlyList<ReservationName> Reservations)
{
    internal int Version => Stat.Version;

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
