using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Client;

/// <summary>Everything that the views of one client (its own and those with another chroot) share.</summary>
internal sealed class ClientCore
{
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(2);

    private readonly Outbox outbox;
    private readonly ConnectionLoop connection;
    private readonly Pulse pulse;
    private IDisposable? heart;
    private readonly Lock disposeGate = new();
    private Task? disposal;

    internal ClientCore(ConnectionString address, CoordClientOptions options)
    {
        Options = options;
        var provider = options.TimeProvider ?? TimeProvider.System;
        var logger = options.LoggerFactory?.CreateLogger("Coord.Client") ?? NullLogger.Instance;
        Clock = new ClientClock(provider);
        Guards = new GuardBook(logger);
        outbox = new Outbox(options.MaxInFlight, Clock);
        Keeper = new SessionKeeper(options, Clock, outbox, Watches, Guards, logger);
        List<AuthCredential> auth = [.. options.Auth];
        if (address.Credential is { } credential)
            auth.Insert(0, credential);
        HasCredentials = auth.Count > 0;
        connection = new ConnectionLoop(
            options, new EndpointList(address.Endpoints), auth, Clock, outbox, Keeper, Watches, logger);
        Sweeper = new Sweeper(this, logger);
        pulse = new Pulse(options, Clock, outbox, Keeper, Guards, connection, logger);
    }

    internal CoordClientOptions Options { get; }

    internal ClientClock Clock { get; }

    internal SessionKeeper Keeper { get; }

    internal WatchRegistry Watches { get; } = new();

    internal GuardBook Guards { get; }

    internal Sweeper Sweeper { get; }

    /// <summary>Whether connections authenticate, so that "ourselves" means somebody.</summary>
    internal bool HasCredentials { get; }

    internal bool IsDisposed => Volatile.Read(ref disposal) is not null;

    /// <summary>The last errors of connecting, empty when connected.</summary>
    internal string LastAttempts => connection.LastAttempts;

    /// <summary>Begins to connect, once; nothing runs before.</summary>
    internal void Start()
    {
        if (Volatile.Read(ref heart) is not null)
            return;
        lock (disposeGate)
        {
            if (heart is not null || disposal is not null)
                return;
            Volatile.Write(ref heart, Heart.Drive(pulse, Clock.Provider));
            connection.Start();
        }
    }

    internal CallBudget Budget(CancellationToken token) => new(
        Options.RequestTimeout == Timeout.InfiniteTimeSpan
            ? long.MaxValue
            : Clock.MonotonicTicks + Options.RequestTimeout.Ticks,
        token);

    internal ValueTask<Reply<T>> Send<T>(Request<T> request, CancellationToken token)
    {
        Start();
        request.CancelWith(token);
        outbox.Submit(request);
        return request.Answer;
    }

    internal Task DisposeAsync()
    {
        lock (disposeGate)
            return disposal ??= CloseAsync();
    }

    private async Task CloseAsync()
    {
        await Task.Yield();
        if (Keeper.State is SessionState.Connected or SessionState.ConnectedReadOnly)
        {
            // Replies come in order: when this one is here, those of all calls in flight are.
            connection.Finish();
            var request = new CloseCall { IsUrgent = true, BoundEpoch = Keeper.Session.Epoch };
            var answer = Send(request, CancellationToken.None).AsTask();
            await Task.WhenAny(answer, Task.Delay(ClosingTime, Clock.Provider)).ConfigureAwait(false);
        }

        var session = Keeper.Session;
        Keeper.Lose(session, "the client was disposed");
        outbox.Refuse(RequestEnd.ClosedUnsent, RequestEnd.Closed);
        Keeper.Change(SessionState.Closed, "the client was disposed");
        Watches.OnSessionLost();
        connection.Stop();
        heart?.Dispose();
        await connection.Ended.ConfigureAwait(false);
    }
}
