using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// The reply is larger than <see cref="CoordClientOptions.MaxReplyBytes"/>. Not repeated; the session is kept.
/// </summary>
public sealed class ReplyTooLargeException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public ReplyTooLargeException(string? path, Outcome outcome = Outcome.NotApplied)
        : base($"The reply for {path} is larger than MaxReplyBytes.", ErrorCode.MarshallingError, path, outcome,
            isTransient: false)
    {
    }
}
