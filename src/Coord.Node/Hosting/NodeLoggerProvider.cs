using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Hosting;

/// <summary>
/// Short lines on standard output: time, level where it is not plain information, text. What the host's own parts
/// have to say appears from warnings on.
/// </summary>
internal sealed class NodeLoggerProvider(LogOutput output) : ILoggerProvider
{
    // At the end of a process: a pipe that nobody reads is not waited for any longer.
    private static readonly TimeSpan DrainPatience = TimeSpan.FromSeconds(2);

    public ILogger CreateLogger(string categoryName) => new NodeLogger(
        this, categoryName.StartsWith("Coord.", StringComparison.Ordinal) ? LogLevel.Information : LogLevel.Warning);

    public void Dispose() => output.Drain(DrainPatience);

    private void Write(LogLevel level, string text, Exception? failure)
    {
        var line = new StringBuilder(DateTime.UtcNow.ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        if (level != LogLevel.Information)
            line.Append(level).Append(": ");
        line.Append(text);
        if (failure is not null)
            line.Append(": ").Append(failure);
        output.Add(line.ToString());
    }

    private sealed class NodeLogger(NodeLoggerProvider provider, LogLevel least) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= least && logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                provider.Write(logLevel, formatter(state, exception), exception);
        }
    }
}
