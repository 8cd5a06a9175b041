using Coord.Protocol;

namespace Coord.Client;

/// <summary>The access control list is empty or wrong (−114). Nothing changed.</summary>
public sealed class InvalidAclException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public InvalidAclException(string? path, Outcome outcome = Outcome.NotApplied)
        : base($"The access control list given for {path} is not valid.", ErrorCode.InvalidAcl, path, outcome,
            isTransient: false)
    {
    }
}
