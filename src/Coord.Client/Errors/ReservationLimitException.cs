using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// A stock has as many live reservations as one root takes. Nothing was reserved; spread the stock over more roots
/// (<see cref="Recipes.ReservationCounter.Sharded"/>), or try again.
/// </summary>
public sealed class ReservationLimitException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The stock's root, without chroot.</param>
    /// <param name="limit">Most live reservations of one root.</param>
    public ReservationLimitException(string path, int limit)
        : base($"The stock {path} has {limit} live reservations, the most of one root.", ErrorCode.BadArguments, path,
            isTransient: true)
    {
    }
}
