using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Client;

/// <summary>Everything that the views of one client (its own and those with another chroot) share.</summary>
internal sealed class ClientCore
{
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(2);

    private readonly Outbox outbox;
    private readonly ConnectionLoop connection;
    private readonly Pulse pulse;
    private readonly EndpointFeed feed;
    private readonly OnceNumbers onceNumbers = new();
    private IDisposable? heart;
    private readonly Lock disposeGate = new();
    private Task? disposal;

    internal ClientCore(ConnectionString address, CoordClientOptions options)
    {
        Options = options;
        var provider = options.TimeProvider ?? TimeProvider.System;
        ILogger logger = options.LoggerFactory?.CreateLogger("Coord.Client") is { } given
            ? new SafeLogger(given) : NullLogger.Instance;
        Clock = new ClientClock(provider);
        Meter = ClientMetrics.MeterOf(options.MeterFactory);
        Metrics = ClientMetrics.Of(Meter);
        Watches = new WatchRegistry(Metrics);
        Guards = new GuardBook(logger);
        outbox = new Outbox(options.MaxInFlight, Clock);
        Keeper = new SessionKeeper(options, Clock, outbox, Watches, Guards, Metrics, logger);
        List<AuthCredential> auth = [.. options.Auth];
        if (address.Credential is { } credential)
            auth.Insert(0, credential);
        var credentials = new CredentialSource(auth, options.AuthCallback);
        HasCredentials = credentials.IsAny || options.Tls is not null;
        var endpoints = new EndpointList(address.Endpoints);
        feed = new EndpointFeed(this, endpoints, logger);
        connection = new ConnectionLoop(
            options, endpoints, feed, credentials, Clock, outbox, Keeper, Watches, logger);
        Sweeper = new Sweeper(this, logger);
        var root = new PathMap(address.Chroot, options.AllowSystemPaths);
        Receipts = new Receipts(this, new ZnodeCreates(this, root), root);
        pulse = new Pulse(options, Clock, outbox, Keeper, Guards, connection, Metrics, logger);
        Logger = logger;
    }

    internal CoordClientOptions Options { get; }

    internal ClientClock Clock { get; }

    internal ILogger Logger { get; }

    internal Meter Meter { get; }

    internal ClientMetrics Metrics { get; }

    internal SessionKeeper Keeper { get; }

    internal WatchRegistry Watches { get; }

    internal GuardBook Guards { get; }

    internal Sweeper Sweeper { get; }

    internal EphemeralClaims Ephemerals { get; } = new();

    internal Receipts Receipts { get; }

    /// <summary>Whether connections authenticate, so that "ourselves" means somebody.</summary>
    internal bool HasCredentials { get; }

    /// <summary>Requests sent and not answered yet.</summary>
    internal int InFlight => outbox.InFlight;

    internal bool IsDisposed => Volatile.Read(ref disposal) is not null;

    /// <summary>The last errors of connecting, empty when connected.</summary>
    internal string LastAttempts => connection.LastAttempts;

    /// <summary>
    /// The last step of the disposal, when all else has ended; null: none. It may wait: a thread of the pool calls it,
    /// which holds nothing.
    /// </summary>
    internal Action? WhenClosed { get; set; }

    /// <summary>Begins to connect, once; nothing runs before.</summary>
    internal void Start()
    {
        if (Volatile.Read(ref heart) is not null)
            return;
        lock (disposeGate)
        {
            if (heart is not null || disposal is not null)
                return;
            Metrics.Add(this);
            Volatile.Write(ref heart, Heart.Drive(pulse, Clock.Provider));
            connection.Start();
            feed.Start();
        }
    }

    internal CallBudget Budget(CancellationToken token) => new(
        Options.RequestTimeout == Timeout.InfiniteTimeSpan
            ? long.MaxValue
            : Clock.MonotonicTicks + Options.RequestTimeout.Ticks,
        token);

    /// <summary>A public call begins.</summary>
    internal CallBudget Begin(string operation, CancellationToken token) =>
        Budget(token) with { Observed = ObservedCall.Begin(Metrics, Clock.Provider, operation) };

    internal ValueTask<Reply<T>> Send<T>(Request<T> request, CallBudget budget) =>
        budget.Observed is { } call ? call.SendAsync(this, request, budget.Token) : Send(request, budget.Token);

    internal ValueTask<Reply<T>> Send<T>(Request<T> request, CancellationToken token)
    {
        Start();
        request.CancelWith(token);
        outbox.Submit(request);
        return request.Answer;
    }

    /// <summary>Sends a write with a number, so that it takes effect once (docs/internals/extensions.md).</summary>
    /// <param name="write">The write.</param>
    /// <param name="budget">The call's.</param>
    /// <param name="patience">How much longer a reply is waited for, when it was sent.</param>
    internal async ValueTask<Reply<T>> SendOnceAsync<T>(
        Request<T> write, CallBudget budget, TimeSpan patience = default)
    {
        await onceNumbers.Room.WaitAsync(budget.Token).ConfigureAwait(false);
        try
        {
            var call = new OnceCall<T>(write, onceNumbers)
            {
                ExpiresAt = budget.ExpiresAt, SentExpiresAt = Clock.MonotonicTicks + patience.Ticks,
            };
            return await Send(call, budget).ConfigureAwait(false);
        }
        finally
        {
            onceNumbers.Room.Release();
        }
    }

    /// <summary>Ends when a server answers; there is a session then.</summary>
    internal async ValueTask ConnectAsync(CallBudget budget)
    {
        // The cheapest request there is: it ends when a session stands, and knows the errors.
        var reply = await Send(new SyncCall("/") { ExpiresAt = budget.ExpiresAt }, budget).ConfigureAwait(false);
        if (reply.End != RequestEnd.Answered)
            throw Failure.Of(reply, ReplyKind.Sync, null, this, budget.Token);
    }

    internal Task DisposeAsync()
    {
        lock (disposeGate)
            return disposal ??= CloseAsync();
    }

    private async Task CloseAsync()
    {
        await Task.Yield();
        feed.Stop();
        if (Keeper.State is SessionState.Connected or SessionState.ConnectedReadOnly)
        {
            // Replies come in order: when this one is here, those of all calls in flight are.
            connection.Finish();
            var request = new CloseCall { IsUrgent = true, BoundEpoch = Keeper.Session.Epoch };
            var answer = Send(request, CancellationToken.None).AsTask();
            var patience = Task.Delay(ClosingTime, Clock.Provider);
            await Task.WhenAny(answer, connection.Ended, patience).ConfigureAwait(false);
        }

        var session = Keeper.Session;
        Keeper.Lose(session, "the client was disposed");
        outbox.Refuse(RequestEnd.ClosedUnsent, RequestEnd.Closed);
        Keeper.Change(SessionState.Closed, "the client was disposed");
        Watches.OnSessionLost();
        connection.Stop();
        heart?.Dispose();
        Metrics.Remove(this);

        // So far this may have run inside a timer, on the thread that moves a test's time.
        await connection.Ended.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        WhenClosed?.Invoke();
    }
}
