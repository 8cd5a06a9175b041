using Microsoft.Extensions.Logging;

namespace Coord.Node.Tests.Audit;

/// <summary>Keeps the lines; read when whoever writes them has ended.</summary>
internal sealed class ListLogger : ILogger
{
    private readonly List<string> lines = [];

    /// <summary>With blanks for tabs.</summary>
    public IReadOnlyList<string> Spaced => [.. lines.Select(line => line.Replace('\t', ' '))];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter) => lines.Add(formatter(state, exception));
}
