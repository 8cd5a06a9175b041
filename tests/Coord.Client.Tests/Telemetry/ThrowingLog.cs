using Microsoft.Extensions.Logging;

namespace Coord.Client.Tests;

/// <summary>A logger that throws whatever it is asked.</summary>
internal sealed class ThrowingLog : ILoggerFactory, ILogger
{
    private int thrown;

    /// <summary>Lines it threw at.</summary>
    public int Thrown => Volatile.Read(ref thrown);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => throw new InvalidOperationException("on purpose");

    public bool IsEnabled(LogLevel logLevel) => throw new InvalidOperationException("on purpose");

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        Interlocked.Increment(ref thrown);
        throw new InvalidOperationException("on purpose");
    }
}
