using Coord.Protocol;

namespace Coord.Client;

/// <summary>There is no such znode, or no such parent (−101).</summary>
public sealed class NoNodeException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public NoNodeException(string? path, Outcome outcome = Outcome.NotApplied)
        : base($"There is no znode {path}, or its parent is missing.", ErrorCode.NoNode, path, outcome,
            isTransient: false)
    {
    }
}
