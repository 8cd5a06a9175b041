using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// The server turned the request away because of load (−127). Nothing changed; a later call can succeed.
/// </summary>
public sealed class ThrottledException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public ThrottledException(string? path, Outcome outcome = Outcome.NotApplied)
        : base($"The server throttled the request for {path}.", ErrorCode.ThrottledOp, path, outcome, isTransient: true)
    {
    }
}
