using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Coord.Client.Tests;

/// <summary>What a client logs, for tests that wait for a line of it.</summary>
internal sealed class LogProbe : ILoggerFactory, ILogger
{
    private readonly Channel<string> lines = Channel.CreateUnbounded<string>();

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => lines.Writer.TryWrite(formatter(state, exception));

    /// <summary>Ends with the next line that contains the text.</summary>
    public async Task<string> WaitForAsync(string text)
    {
        while (true)
        {
            var line = await lines.Reader.ReadAsync().Soon();
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
        }
    }
}
