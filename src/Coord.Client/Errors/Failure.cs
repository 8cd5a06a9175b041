using Coord.Protocol;

namespace Coord.Client;

/// <summary>Turns how a request ended into the exception of the public family.</summary>
internal static class Failure
{
    /// <param name="reply">A reply that is no success.</param>
    /// <param name="kind">What was asked.</param>
    /// <param name="path">The path as the caller sees it.</param>
    /// <param name="core">The client.</param>
    /// <param name="token">The caller's token.</param>
    internal static Exception Of<T>(
        Reply<T> reply, ReplyKind kind, string? path, ClientCore core, CancellationToken token)
    {
        var sent = kind == ReplyKind.Write ? Outcome.Unknown : Outcome.NotApplied;
        return reply.End switch
        {
            RequestEnd.Answered => OfCode(reply.Error, path),
            RequestEnd.ConnectionLost => new ConnectionLossException(path, sent),
            RequestEnd.SessionLostUnsent => new SessionLostException(path),
            RequestEnd.SessionLost => new SessionLostException(path, sent),
            RequestEnd.TimedOutUnsent when core.LastAttempts is { Length: > 0 } attempts =>
                new ConnectionFailedException(attempts, path),
            RequestEnd.TimedOutUnsent => new OperationTimeoutException(path),
            RequestEnd.TimedOut => new OperationTimeoutException(path, sent),
            RequestEnd.CancelledUnsent or RequestEnd.Cancelled => new OperationCanceledException(token),
            RequestEnd.ClosedUnsent => new ObjectDisposedException(nameof(CoordClient)),
            RequestEnd.Closed => kind == ReplyKind.Write
                ? new SessionLostException(path, Outcome.Unknown) : new ObjectDisposedException(nameof(CoordClient)),
            RequestEnd.NotAnnounced => new ConnectionLossException(path, Outcome.NotApplied),
            RequestEnd.AuthFailed => new AuthFailedException(path),
            RequestEnd.ReplyTooLarge => new ReplyTooLargeException(path, sent),
            _ => new CoordException("The reply could not be read.", ErrorCode.MarshallingError, path, sent),
        };
    }

    internal static CoordException OfCode(ErrorCode code, string? path) => code switch
    {
        ErrorCode.NoNode => new NoNodeException(path),
        ErrorCode.NodeExists => new NodeExistsException(path),
        ErrorCode.BadVersion => new BadVersionException(path),
        ErrorCode.NotEmpty => new NotEmptyException(path),
        ErrorCode.NoChildrenForEphemerals => new NoChildrenForEphemeralsException(path),
        ErrorCode.NoAuth => new NoAuthException(path),
        ErrorCode.InvalidAcl => new InvalidAclException(path),
        ErrorCode.QuotaExceeded => new QuotaExceededException(path),
        ErrorCode.ThrottledOp => new ThrottledException(path),
        ErrorCode.NotReadOnly => new NotReadOnlyException(path),
        ErrorCode.AuthFailed => new AuthFailedException(path),
        ErrorCode.SessionExpired => new SessionLostException(path),
        _ => new CoordException($"The server answered {code} for {path}.", code, path),
    };
}
