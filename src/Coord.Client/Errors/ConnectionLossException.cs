using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// The connection broke after the request was sent and before its reply came, and the truth could not be found out.
/// Usually <see cref="Outcome.Unknown"/>.
/// </summary>
public sealed class ConnectionLossException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public ConnectionLossException(string? path, Outcome outcome = Outcome.NotApplied)
        : base("The connection was lost before the reply came.", ErrorCode.ConnectionLoss, path, outcome,
            isTransient: true)
    {
    }
}
