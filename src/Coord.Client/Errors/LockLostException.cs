using Coord.Protocol;

namespace Coord.Client;

/// <summary>The lock is no longer certain to be ours. What was to be done under it was not done.</summary>
public sealed class LockLostException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The contender znode.</param>
    /// <param name="inner">The error that showed it, or null.</param>
    public LockLostException(string path, Exception? inner = null)
        : base($"The lock held with {path} is lost.", ErrorCode.SessionExpired, path, inner: inner)
    {
    }
}
