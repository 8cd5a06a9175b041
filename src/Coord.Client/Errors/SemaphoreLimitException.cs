using Coord.Protocol;

namespace Coord.Client;

/// <summary>The semaphore has another limit than it was opened with, or one that the call exceeds. Nothing was
/// taken.</summary>
public sealed class SemaphoreLimitException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The semaphore's root, without chroot.</param>
    /// <param name="stored">The limit stored there.</param>
    /// <param name="asked">The limit, or the permits, asked for.</param>
    public SemaphoreLimitException(string path, int stored, int asked)
        : base($"The semaphore {path} has {stored} permits; {asked} were asked for.", ErrorCode.BadArguments, path)
    {
        Stored = stored;
        Asked = asked;
    }

    /// <summary>The limit stored in the root.</summary>
    public int Stored { get; }

    /// <summary>The limit, or the permits, asked for.</summary>
    public int Asked { get; }
}
