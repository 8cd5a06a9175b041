using Coord.Node.Audit;
using Coord.Node.Clients;
using Coord.Node.Tests.Replica;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Tests.Audit;

/// <summary>An audit log that is written more slowly than things happen: it holds nobody up, and says so.</summary>
public sealed class AuditLogTests
{
    private const int QueueMax = 8;

    [Fact]
    public void What_does_not_fit_is_lost_counted_and_told()
    {
        using var output = new SlowLogger();
        using (var audit = new AuditLog(QueueMax, output))
        {
            var session = new ClientSession(new NoTransport());
            audit.Session(session, "first", isSuccess: true);
            output.Entered.Wait(TestContext.Current.CancellationToken); // It is being written: the queue is empty.
            for (var i = 0; i < QueueMax + 3; i++)
                audit.Session(session, "later", isSuccess: true);
            output.Released.Set();
        }

        Assert.Equal(1 + QueueMax, output.Lines.Count(line => line.Contains("operation=", StringComparison.Ordinal)));
        Assert.Equal("audit: 3 lines are lost, they came faster than they were written", output.Lines[^1]);
    }

    private sealed class SlowLogger : ILogger, IDisposable
    {
        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Released { get; } = new();

        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            Entered.Set();
            Released.Wait();
            Lines.Add(formatter(state, exception));
        }

        public void Dispose()
        {
            Entered.Dispose();
            Released.Dispose();
        }
    }
}
