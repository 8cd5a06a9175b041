using Microsoft.Extensions.Logging;

namespace Coord.Client;

/// <summary>
/// Held by a client and its views: collected before the client was disposed, it says so in the log, since the session
/// and its locks live on with nobody to end them.
/// </summary>
internal sealed class DisposalCheck(ILogger logger) : IDisposable
{
    private readonly string madeBy = logger.IsEnabled(LogLevel.Debug) ? Environment.StackTrace : "log debug entries";

    ~DisposalCheck()
    {
        try
        {
            SessionLog.NotDisposed(logger, madeBy);
        }
        catch (Exception)
        {
            // The logger may be closed by now, and an exception out of a finalizer would end the process.
        }
    }

    /// <summary>The client was disposed.</summary>
    public void Dispose() => GC.SuppressFinalize(this);
}
