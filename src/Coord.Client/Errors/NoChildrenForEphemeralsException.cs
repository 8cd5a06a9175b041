using Coord.Protocol;

namespace Coord.Client;

/// <summary>The parent is ephemeral and cannot have children (−108). Nothing was created.</summary>
public sealed class NoChildrenForEphemeralsException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public NoChildrenForEphemeralsException(string? path, Outcome outcome = Outcome.NotApplied)
        : base($"The parent of {path} is ephemeral and cannot have children.", ErrorCode.NoChildrenForEphemerals, path,
            outcome, isTransient: false)
    {
    }
}
