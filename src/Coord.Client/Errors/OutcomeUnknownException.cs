using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// A recipe's write was sent and every way to find out whether it happened is used up. <see cref="Outcome.Unknown"/>.
/// </summary>
public sealed class OutcomeUnknownException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What was looked for and why it cannot be told.</param>
    /// <param name="path">The path concerned, without chroot.</param>
    /// <param name="inner">The error that began it, or null.</param>
    public OutcomeUnknownException(string message, string? path, Exception? inner = null)
        : base(message, ErrorCode.ConnectionLoss, path, Outcome.Unknown, inner: inner)
    {
    }
}
