using Coord.Protocol;

namespace Coord.Client;

/// <summary>The server is read-only for lack of a quorum (−119). Nothing changed; a later call can succeed.</summary>
public sealed class NotReadOnlyException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public NotReadOnlyException(string? path, Outcome outcome = Outcome.NotApplied)
        : base($"The server is read-only and cannot carry out the request for {path}.", ErrorCode.NotReadOnly, path,
            outcome, isTransient: true)
    {
    }
}
