namespace Coord.Client;

/// <summary>
/// Makes the exception of a write that was sent and could not be resolved: its outcome stays unknown, whatever ended
/// the search.
/// </summary>
internal static class UnknownWrite
{
    internal static Exception Of<T>(Reply<T> look, string path, ClientCore core, CancellationToken token) =>
        look.End switch
        {
            RequestEnd.Answered => new ConnectionLossException(path, Outcome.Unknown),
            RequestEnd.SessionLost or RequestEnd.SessionLostUnsent or RequestEnd.Closed or RequestEnd.ClosedUnsent =>
                new SessionLostException(path, Outcome.Unknown),
            RequestEnd.TimedOut or RequestEnd.TimedOutUnsent => new OperationTimeoutException(path, Outcome.Unknown),
            _ => Failure.Of(look, ReplyKind.Write, path, core, token),
        };
}
