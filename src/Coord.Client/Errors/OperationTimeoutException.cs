using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// <see cref="CoordClientOptions.RequestTimeout"/> has passed. A write that was sent may still be carried out:
/// <see cref="Outcome.Unknown"/>.
/// </summary>
public sealed class OperationTimeoutException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    /// <param name="outcome">Whether the operation may have happened.</param>
    public OperationTimeoutException(string? path, Outcome outcome = Outcome.NotApplied)
        : base("The request was not answered within RequestTimeout.", ErrorCode.OperationTimeout, path, outcome,
            isTransient: true)
    {
    }
}
