using Coord.Node.Audit;
using Coord.Node.Clients;
using Coord.Node.Tests.Replica;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Tests.Audit;

/// <summary>An audit log that is written more slowly than things happen: it holds nobody up, and says so.</summary>
public sealed class AuditLogTests
{
    private const int QueueMax = 8;

    private static readonly NodeLimits Limits = NodeLimits.Default with { AuditQueueMax = QueueMax };

    [Fact]
    public void What_does_not_fit_is_lost_counted_and_told()
    {
        using var output = new SlowLogger();
        using (var audit = new AuditLog(Limits, output))
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

    /// <summary>A few of the longest lines must not take the memory of very many ordinary ones.</summary>
    [Fact]
    public void Lines_that_wait_are_bounded_in_bytes_too()
    {
        using var output = new SlowLogger();
        var limits = NodeLimits.Default with { AuditQueueBytesMax = 64 * 1024 };
        using (var audit = new AuditLog(limits, output))
        {
            audit.Session(new ClientSession(new NoTransport()), "first", isSuccess: true);
            output.Entered.Wait(TestContext.Current.CancellationToken);
            for (var i = 0; i < 10; i++)
                audit.Note(new AuditEvent(1, [], "setAcl", true) { Acl = new byte[16 * 1024] });
            output.Released.Set();
        }

        Assert.Equal(1 + 3, output.Lines.Count(line => line.Contains("operation=", StringComparison.Ordinal)));
        Assert.Equal("audit: 7 lines are lost, they came faster than they were written", output.Lines[^1]);
    }

    /// <summary>Where standard output is gone for a while: what can be written again is written.</summary>
    [Fact]
    public void What_cannot_be_written_is_told_with_the_reason_and_writing_goes_on()
    {
        using var output = new SlowLogger { FailuresLeft = 3 };
        output.Released.Set();
        using (var audit = new AuditLog(Limits, output))
        {
            var session = new ClientSession(new NoTransport());
            audit.Session(session, "first", isSuccess: true);
            audit.Session(session, "second", isSuccess: true);
            output.Failed.Wait(TestContext.Current.CancellationToken);
            audit.Session(session, "last", isSuccess: true);
        }

        Assert.Contains(output.Lines, line => line.Contains("operation=last", StringComparison.Ordinal));
        Assert.Contains("audit: 2 lines are lost, nobody reads", output.Lines);
    }

    private sealed class SlowLogger : ILogger, IDisposable
    {
        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Released { get; } = new();

        public CountdownEvent Failed { get; } = new(1);

        /// <summary>So many lines cannot be written.</summary>
        public int FailuresLeft { get; set; }

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
            if (FailuresLeft > 0)
            {
                if (--FailuresLeft == 0)
                    Failed.Signal();
                throw new IOException("nobody reads");
            }

            Lines.Add(formatter(state, exception));
        }

        public void Dispose()
        {
            Entered.Dispose();
            Failed.Dispose();
            Released.Dispose();
        }
    }
}
