using Coord.Protocol;

namespace Coord.Client;

/// <summary>A hard quota would be exceeded (−125). Nothing changed.</summary>
public sealed class QuotaExceededException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public QuotaExceededException(string? path, Outcome outcome = Outcome.NotApplied)
        : base($"A quota that covers {path} would be exceeded.", ErrorCode.QuotaExceeded, path, outcome,
            isTransient: false)
    {
    }
}
