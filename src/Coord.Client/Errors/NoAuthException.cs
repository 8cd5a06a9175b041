using Coord.Protocol;

namespace Coord.Client;

/// <summary>The access control list does not allow the operation (−102). Final; nothing changed.</summary>
public sealed class NoAuthException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public NoAuthException(string? path, Outcome outcome = Outcome.NotApplied)
        : base($"Not allowed by the access control list of {path} or its parent.", ErrorCode.NoAuth, path, outcome,
            isTransient: false)
    {
    }
}
