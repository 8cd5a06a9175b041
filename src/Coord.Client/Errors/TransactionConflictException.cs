using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// What a transaction had read was changed by others before each of its commits. Nothing was written; a later call can
/// succeed.
/// </summary>
public sealed class TransactionConflictException : CoordException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="attempts">How often the body ran.</param>
    /// <param name="path">The znode that the last conflict was about, without chroot.</param>
    /// <param name="inner">The last conflict.</param>
    public TransactionConflictException(int attempts, string? path, Exception? inner = null)
        : base($"Others changed what the transaction had read, {attempts} times; the last time {path}.",
            ErrorCode.BadVersion, path, isTransient: true, inner: inner) =>
        Attempts = attempts;

    /// <summary>How often the body ran.</summary>
    public int Attempts { get; }
}
