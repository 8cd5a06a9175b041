using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// A cache has been cut off for longer than its <c>MaxStaleness</c>. A later read can succeed; nothing was written.
/// </summary>
public sealed class StaleReadException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">Root of the cache, without chroot.</param>
    /// <param name="staleness">How old its picture is.</param>
    public StaleReadException(string path, TimeSpan staleness)
        : base($"The picture of {path} is {staleness} old.", ErrorCode.ConnectionLoss, path, isTransient: true) =>
        Staleness = staleness;

    /// <summary>How old the picture is.</summary>
    public TimeSpan Staleness { get; }
}
