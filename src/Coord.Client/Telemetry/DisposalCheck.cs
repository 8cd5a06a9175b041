using Microsoft.Extensions.Logging;

namespace Coord.Client;

/// <summary>
/// Held by a client and its views: collected before the client was disposed, it says so in the log, since the session
/// and its locks live on with nobody to end them.
/// </summary>
internal sealed class DisposalCheck(ILogger logger) : IDisposable
{
    private readonly string madeBy = logger.IsEnabled(LogLevel.Debug) ? Environment.StackTrace : "log debug entries";

    // The program's logger may be closed by now and throw, which a SafeLogger keeps from ending the process.
    ~DisposalCheck() => SessionLog.NotDisposed(logger, madeBy);

    /// <summary>The client was disposed.</summary>
    public void Dispose() => GC.SuppressFinalize(this);
}
