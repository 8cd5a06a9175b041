using Coord.Protocol;

namespace Coord.Client;

/// <summary>The znode has children (−111). Nothing was deleted.</summary>
public sealed class NotEmptyException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public NotEmptyException(string? path, Outcome outcome = Outcome.NotApplied)
        : base($"The znode {path} has children.", ErrorCode.NotEmpty, path, outcome, isTransient: false)
    {
    }
}
