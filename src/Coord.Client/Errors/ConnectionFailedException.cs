using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// No server could be reached within <see cref="CoordClientOptions.RequestTimeout"/>. Nothing was sent:
/// <see cref="Outcome.NotApplied"/>.
/// </summary>
public sealed class ConnectionFailedException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="attempts">Each address tried last, with its error, one a line.</param>
    /// <param name="path">The path concerned, without chroot, or null.</param>
    public ConnectionFailedException(string attempts, string? path = null)
        : base($"No server could be reached. {attempts}", ErrorCode.ConnectionLoss, path, isTransient: true)
    {
        Attempts = attempts;
    }

    /// <summary>Each address tried last, with its error.</summary>
    public string Attempts { get; }
}
