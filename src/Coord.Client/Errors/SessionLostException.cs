using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// The session ended. Whether a write that was in flight happened is in <see cref="CoordException.Outcome"/>; one that
/// was not sent yet was not applied.
/// </summary>
public sealed class SessionLostException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public SessionLostException(string? path, Outcome outcome = Outcome.NotApplied)
        : base("The session ended before the call did.", ErrorCode.SessionExpired, path, outcome, isTransient: true)
    {
    }
}
