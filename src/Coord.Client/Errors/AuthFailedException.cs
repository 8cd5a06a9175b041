using Coord.Protocol;

namespace Coord.Client;

/// <summary>The server refused our credentials (−115). Nothing was done.</summary>
public sealed class AuthFailedException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public AuthFailedException(string? path, Outcome outcome = Outcome.NotApplied)
        : base("The server refused the credentials.", ErrorCode.AuthFailed, path, outcome, isTransient: false)
    {
    }
}
