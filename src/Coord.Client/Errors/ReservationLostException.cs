using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// A reservation ended before it was committed: with its session, by its expiry, or because it was returned. Nothing
/// was sold, and nothing will be.
/// </summary>
public sealed class ReservationLostException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The reservation's znode, without chroot.</param>
    public ReservationLostException(string path)
        : base($"The reservation {path} is gone; its units are free again.", ErrorCode.NoNode, path)
    {
    }
}
