using Microsoft.Extensions.Logging;

namespace Coord.Client;

/// <summary>
/// The program's logger. What it throws ends here: the client logs on the threads that keep the session alive, under
/// its locks, and while it is collected.
/// </summary>
internal sealed class SafeLogger(ILogger inner) : ILogger
{
    /// <summary>The client has no scopes.</summary>
    /// <returns>Null.</returns>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            // One provider of several: the others may want the line.
            return true;
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is nowhere to tell of it.
        }
    }
}
