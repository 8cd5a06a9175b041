using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Coord.Client.Tests;

/// <summary>
/// A client that nobody disposed keeps its session, and with it locks that nobody holds any more: whoever forgot it
/// hears of it (client-sdk.md 3.4).
/// </summary>
public sealed class DisposalTests
{
    [Fact]
    public void A_client_collected_undisposed_is_an_error_in_the_log()
    {
        var log = new ErrorLog();
        Forget(log);
        Collect();

        Assert.Contains(nameof(Forget), Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_cluster_keeps_no_client_that_nobody_else_does()
    {
        await using var cluster = await CoordTestCluster.StartAsync();
        var log = new ErrorLog();
        Forget(cluster, log);
        Collect();

        Assert.Contains(nameof(Forget), Assert.Single(log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_view_keeps_its_client()
    {
        var log = new ErrorLog();
        var view = MakeView(log);
        Collect();
        Assert.Empty(log.Lines);
        GC.KeepAlive(view);
    }

    [Fact]
    public async Task A_disposed_client_is_none()
    {
        var log = new ErrorLog();
        await MakeAndDisposeAsync(log);
        Collect();

        Assert.Empty(log.Lines);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(ErrorLog log) => _ = Make(log);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Forget(CoordTestCluster cluster, ErrorLog log) =>
        _ = cluster.CreateClient(new CoordClientOptions { LoggerFactory = log });

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ICoordClient MakeView(ErrorLog log) => Make(log).WithChroot("/view");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ValueTask MakeAndDisposeAsync(ErrorLog log) => Make(log).DisposeAsync();

    private static CoordClient Make(ErrorLog log) =>
        new("127.0.0.1:1", new CoordClientOptions { LoggerFactory = log });

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    private sealed class ErrorLog : ILoggerFactory, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

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
            Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error)
                Lines.Enqueue(formatter(state, exception));
        }
    }
}
