using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// The path is taken (−110). With <see cref="Outcome.Unknown"/> the znode that is there may be the one this call
/// made.
/// </summary>
public sealed class NodeExistsException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public NodeExistsException(string? path, Outcome outcome = Outcome.NotApplied)
        : base($"The znode {path} exists already.", ErrorCode.NodeExists, path, outcome, isTransient: false)
    {
    }
}
