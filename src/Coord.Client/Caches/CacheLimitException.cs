using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// A cache found more than its options allow and has stopped; it holds nothing any more. Nothing was written.
/// </summary>
public sealed class CacheLimitException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">Root of the cache, without chroot.</param>
    /// <param name="limit">The limit, in words.</param>
    public CacheLimitException(string path, string limit)
        : base($"The cache of {path} would hold more than {limit}.", ErrorCode.RuntimeInconsistency, path)
    {
    }
}
