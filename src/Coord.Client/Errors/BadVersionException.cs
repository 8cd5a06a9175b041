using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// The znode has another version than expected (−103). With <see cref="Outcome.Unknown"/> the other version may be
/// this
/// very write.
/// </summary>
public sealed class BadVersionException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public BadVersionException(string? path, Outcome outcome = Outcome.NotApplied)
        : base($"The znode {path} has another version than expected.", ErrorCode.BadVersion, path, outcome,
            isTransient: false)
    {
    }
}
