using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>The client of a Coord or Apache ZooKeeper cluster. One per process and cluster is the norm.</summary>
/// <example><code>await using var coord = new CoordClient("localhost:2181/shop");</code></example>
/// <inheritdoc cref="ICoordClient" path="/remarks"/>
public sealed partial class CoordClient : ICoordClient
{
    private readonly ClientCore core;
    private readonly PathMap paths;
    private readonly bool isOwner;
    private readonly DisposalCheck disposalCheck;
    private readonly ZnodeReads reads;
    private readonly ZnodeCreates creates;
    private readonly ZnodeWrites writes;
    private readonly WatchStreams streams;

    /// <summary>Makes a client; nothing is started before the first call.</summary>
    /// <param name="connectionString">See <see cref="ConnectionString"/>; what it says goes before the options.</param>
    /// <param name="options">Null: the defaults. Copied.</param>
    /// <exception cref="ArgumentException">The connection string or an option is wrong; every wrong option is
    /// named.</exception>
    public CoordClient(string connectionString, CoordClientOptions? options = null)
        : this(ConnectionString.Parse(connectionString), options ?? new CoordClientOptions())
    {
    }

    private CoordClient(ConnectionString address, CoordClientOptions options)
        : this(
            new ClientCore(address, options.CopyAndCheck(address)),
            new PathMap(address.Chroot, options.AllowSystemPaths),
            owner: null)
    {
    }

    private CoordClient(ClientCore core, PathMap paths, CoordClient? owner)
    {
        this.core = core;
        this.paths = paths;
        isOwner = owner is null;
        disposalCheck = owner?.disposalCheck ?? new DisposalCheck(core.Logger);
        reads = new ZnodeReads(core);
        creates = new ZnodeCreates(core, paths);
        writes = new ZnodeWrites(core);
        streams = new WatchStreams(core);
    }

    /// <inheritdoc/>
    public CoordSession Session => core.Keeper.Session;

    /// <inheritdoc/>
    public SessionState State => core.Keeper.State;

    /// <inheritdoc/>
    public ServerFeatures Features => core.Keeper.Features;

    /// <inheritdoc/>
    public Zxid LastSeenZxid => new(core.Keeper.LastZxid);

    /// <inheritdoc/>
    public string ClientName => core.Options.ClientName!;

    /// <inheritdoc/>
    public TimeProvider TimeProvider => core.Clock.Provider;

    /// <inheritdoc/>
    public Meter Meter => core.Meter;

    internal int SweeperBacklog => core.Sweeper.Backlog;

    /// <inheritdoc cref="ClientCore.WhenClosed"/>
    internal Action? WhenClosed
    {
        get => core.WhenClosed;
        set => core.WhenClosed = value;
    }

    /// <inheritdoc/>
    public ValueTask<CoordSession> ConnectAsync(CancellationToken ct = default)
    {
        var budget = core.Begin("connect", ct);
        return budget.Run(ConnectAsync(budget));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SessionTransition> SessionEvents(
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        var channel = core.Keeper.Transitions.Listen();
        try
        {
            await foreach (var transition in channel.Reader.ReadAllAsync(ct).ConfigureAwait(false))
                yield return transition;
        }
        finally
        {
            core.Keeper.Transitions.Forget(channel);
        }
    }

    /// <inheritdoc/>
    public void RequireSessionProof() => core.Keeper.RequireProof();

    /// <inheritdoc/>
    public async ValueTask<CoordSession> WaitForProofAsync(double atLeast = 0.2, CancellationToken ct = default)
    {
        ThrowIfDisposed();
        if (atLeast is not (>= 0 and <= 0.5))
            throw new ArgumentOutOfRangeException(nameof(atLeast), atLeast, "A fraction from 0 to 0.5.");
        ct.ThrowIfCancellationRequested();
        var budget = core.Budget(ct);
        while (true)
        {
            var next = core.Keeper.NextProof();
            var session = Session;
            if (session.Epoch > 0 && !session.IsLost && session.Remaining > session.NegotiatedTimeout * atLeast)
                return session;
            ThrowIfDisposed();
            core.Start();
            await WaitAsync(next, budget).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public ZnodeGuard Guard(string path, CoordSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return core.Guards.Add(path, paths.ToServer(path, nameof(path)), session);
    }

    /// <inheritdoc/>
    public ICoordClient WithChroot(string path) => new CoordClient(core, paths.Below(path), owner: this);

    /// <summary>
    /// Stops accepting calls, gives those in flight up to 2 s, closes the session so that its ephemerals vanish at
    /// once, and fires every lost token. Never throws. On a view made by <see cref="WithChroot"/> it does nothing.
    /// </summary>
    /// <returns>When all is closed.</returns>
    public ValueTask DisposeAsync()
    {
        if (!isOwner)
            return ValueTask.CompletedTask;
        disposalCheck.Dispose();
        return new ValueTask(core.DisposeAsync());
    }

    private async ValueTask<CoordSession> ConnectAsync(CallBudget budget)
    {
        ThrowIfDisposed();
        await core.ConnectAsync(budget).ConfigureAwait(false);
        return Session;
    }

    private async Task WaitAsync(Task task, CallBudget budget)
    {
        if (budget.ExpiresAt == long.MaxValue)
        {
            await task.WaitAsync(budget.Token).ConfigureAwait(false);
            return;
        }

        var left = TimeSpan.FromTicks(Math.Max(0, budget.ExpiresAt - core.Clock.MonotonicTicks));
        try
        {
            await task.WaitAsync(left, core.Clock.Provider, budget.Token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new OperationTimeoutException(null);
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(core.IsDisposed, this);
}
