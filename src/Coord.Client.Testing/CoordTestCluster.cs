namespace Coord.Client.Testing;

/// <summary>
/// A Coord cluster in the process of the test: the nodes' own code on a log in memory, reached through loopback sockets
/// like any other. It starts in milliseconds, keeps nothing, and can be made to fail in the ways that clusters and
/// networks do. Thread-safe.
/// </summary>
/// <remarks>
/// Nodes have no threads. The cluster has one that moves its time, unless that stands still, one for each connection,
/// and one for each address: a client of three nodes has three addresses until it is disposed.
/// </remarks>
/// <example><code>
/// await using var cluster = await CoordTestCluster.StartAsync(nodes: 3);
/// await using var coord = cluster.CreateClient();
/// </code></example>
public sealed class CoordTestCluster : IAsyncDisposable
{
    private const int NodesMax = 7;

    // Of real time, for what a busy machine is slow at. Who has used it up waits for more than a processor, and time
    // goes on almost without him until he is heard again.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PassLimit = TimeSpan.FromMinutes(10);

    private readonly bool asZooKeeper;
    private readonly InProcessCluster? inProcess;
    private readonly FakeTimeProvider? time;
    private readonly Faults? faults;
    private readonly IReadOnlyList<TestNode> nodes = [];
    private readonly ClockDrive? drive;

    private CoordTestCluster(string connectionString) => ConnectionString = connectionString;

    private CoordTestCluster(int size, CoordTestClusterOptions options)
    {
        asZooKeeper = options.AsZooKeeper;
        time = new FakeTimeProvider();
        inProcess = new InProcessCluster(time, size);
        faults = new Faults(inProcess);
        var everybody = inProcess.Open(faults, asZooKeeper);
        ConnectionString = everybody.ConnectionString;
        nodes = [.. inProcess.Ids.Select(id => new TestNode(inProcess, id, everybody.AddressOf(id)))];
        inProcess.Elect();
        if (!options.TimeStandsStill)
            drive = new ClockDrive(time);
    }

    /// <summary>
    /// Addresses of all nodes, for clients that the test does not make by <see cref="CreateClient"/>; they need
    /// <see cref="Time"/> as their <see cref="CoordClientOptions.TimeProvider"/>, and only faults on anybody's requests
    /// hit them.
    /// </summary>
    public string ConnectionString { get; }

    /// <summary>Whether the nodes are in this process; false for <see cref="UseExisting"/>.</summary>
    public bool IsInProcess => inProcess is not null;

    /// <summary>The time of nodes and clients.</summary>
    /// <exception cref="NotSupportedException">The cluster is not in this process.</exception>
    public FakeTimeProvider Time => time ?? throw OnlyInProcess();

    /// <summary>What goes wrong between clients and nodes.</summary>
    /// <exception cref="NotSupportedException">The cluster is not in this process.</exception>
    public Faults Faults => faults ?? throw OnlyInProcess();

    /// <summary>The nodes, by number.</summary>
    /// <exception cref="NotSupportedException">The cluster is not in this process.</exception>
    public IReadOnlyList<TestNode> Nodes => IsInProcess ? nodes : throw OnlyInProcess();

    /// <summary>The node that leads.</summary>
    /// <exception cref="InvalidOperationException">There is none at present.</exception>
    /// <exception cref="NotSupportedException">The cluster is not in this process.</exception>
    public TestNode Leader
    {
        get
        {
            var leader = InProcess.Look(() => InProcess.Leader)
                ?? throw new InvalidOperationException(
                    "No node leads at present: start enough nodes, or let time pass.");
            return nodes.First(node => node.Number == leader.Id);
        }
    }

    internal InProcessCluster InProcess => inProcess ?? throw OnlyInProcess();

    /// <summary>Starts a cluster.</summary>
    /// <param name="nodes">How many, 1 to 7.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="ct">Cancels before the start.</param>
    /// <returns>The cluster, with a leader.</returns>
    public static Task<CoordTestCluster> StartAsync(
        int nodes = 1, CoordTestClusterOptions? options = null, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(nodes, NodesMax);
        return Task.Run(() => new CoordTestCluster(nodes, options ?? new CoordTestClusterOptions()), ct);
    }

    /// <summary>
    /// A cluster that runs elsewhere, of Coord or of Apache ZooKeeper, so that the same tests can run against it. Time,
    /// faults and nodes are not this process's to change: they throw <see cref="NotSupportedException"/>.
    /// </summary>
    /// <param name="connectionString">See <see cref="Client.ConnectionString"/>.</param>
    /// <returns>The cluster; disposing it ends nothing.</returns>
    /// <exception cref="ArgumentException">The connection string is wrong.</exception>
    public static CoordTestCluster UseExisting(string connectionString)
    {
        Client.ConnectionString.Parse(connectionString);
        return new CoordTestCluster(connectionString);
    }

    /// <summary>
    /// Makes a client with addresses of its own, so that faults can be meant for it alone. It lives in the cluster's
    /// time unless the options name another.
    /// </summary>
    /// <param name="options">Null: the defaults. Copied.</param>
    /// <param name="node">The one node that it knows; null: all.</param>
    /// <returns>The client; the test disposes it.</returns>
    /// <exception cref="ArgumentException">The node is another cluster's, or an option is wrong.</exception>
    public CoordClient CreateClient(CoordClientOptions? options = null, TestNode? node = null)
    {
        if (node is not null && !Nodes.Contains(node))
            throw new ArgumentException("A node of another cluster.", nameof(node));
        if (inProcess is null)
            return new CoordClient(ConnectionString, options);
        var inTime = (options ?? new CoordClientOptions()).CopyInTime(Time);
        var entrance = inProcess.Open(Faults, asZooKeeper, node?.Number);
        try
        {
            var client = new CoordClient(entrance.ConnectionString, inTime);
            entrance.Serve(client);
            return client;
        }
        catch (Exception)
        {
            entrance.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Ends the client's session as the leader does when its time is up: its ephemerals are gone when this returns. The
    /// client learns of it from the next node that it reaches.
    /// </summary>
    /// <param name="client">A client that <see cref="CreateClient"/> made.</param>
    /// <returns>When the session has ended.</returns>
    /// <exception cref="InvalidOperationException">The client has no session, or no leader can end it.</exception>
    public Task ExpireAsync(ICoordClient client)
    {
        var entrance = Faults.EntranceOf(client);
        return Task.Run(() =>
        {
            var (id, password) = InProcess.Look(() => entrance.Session);
            if (id == 0)
                throw new InvalidOperationException("The client has no session yet: connect it first.");
            if (!InProcess.EndSession(id, password))
                throw new InvalidOperationException("No leader with a quorum can end the session.");
        });
    }

    /// <summary>
    /// Moves time in steps of 50 ms, each of which the connected clients live through: they get a round trip to their
    /// node. For those that are cut off, and for clients on a time of their own, time just passes.
    /// </summary>
    /// <remarks>
    /// The round trip is a sync through the client itself. It counts in <see cref="Faults.CountOf"/>, runs into faults
    /// on <see cref="RequestKind.Sync"/>, and is proof of life for the client's session.
    /// </remarks>
    /// <param name="span">By how much.</param>
    /// <param name="ct">Stops between two steps.</param>
    /// <returns>When it has passed.</returns>
    public async Task PassAsync(TimeSpan span, CancellationToken ct = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(span, TimeSpan.Zero);
        for (var left = span; left > TimeSpan.Zero; left -= Step)
            await StepAsync(left < Step ? left : Step, ct).ConfigureAwait(false);
    }

    /// <summary>As <see cref="PassAsync(TimeSpan, CancellationToken)"/>, until something has ended.</summary>
    /// <param name="until">What ends the passing of time; its exceptions are the caller's.</param>
    /// <param name="ct">Stops between two steps.</param>
    /// <returns>When it has ended.</returns>
    /// <exception cref="TimeoutException">Ten minutes have passed, and it has not.</exception>
    public async Task PassAsync(Task until, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(until);
        for (var left = PassLimit; !until.IsCompleted; left -= Step)
        {
            if (left <= TimeSpan.Zero)
                throw new TimeoutException("Ten minutes of the cluster's time have passed, and it has not ended.");
            await StepAsync(Step, ct).ConfigureAwait(false);
        }

        await until.ConfigureAwait(false);
    }

    /// <summary>Ends the nodes. Clients that are not disposed find nobody any more.</summary>
    /// <returns>When all is ended.</returns>
    public ValueTask DisposeAsync()
    {
        End();
        return ValueTask.CompletedTask;
    }

    internal void End()
    {
        drive?.Dispose();
        inProcess?.Dispose();
    }

    private static NotSupportedException OnlyInProcess() =>
        new("Only a cluster in this process can do this (CoordTestCluster.StartAsync): skip the test elsewhere.");

    private async Task StepAsync(TimeSpan by, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Time.Pass(by);
        await Task.WhenAll(InProcess.Entrances().Select(HearAsync)).ConfigureAwait(false);
    }

    private async Task HearAsync(Entrance entrance)
    {
        if (entrance.Client is not { State: not (SessionState.Idle or SessionState.Closed) } client)
            return;
        var patience = Task.Delay(entrance.WasHeard ? Patience : ShortPatience);

        // Behind a heartbeat that was not taken yet it does not show that the client has left, and it would be thought
        // deaf while time runs on.
        while (InProcess.Look(() => entrance.HasUntakenSilence) && !patience.IsCompleted)
            await Task.Delay(TimeSpan.FromMilliseconds(1)).ConfigureAwait(false);
        if (!InProcess.Look(() => entrance.CanBeHeard))
            return;
        TestConnection? LiveConnection() => InProcess.Look(() => entrance.Live);

        // Without a session it is on its way to a node, or waits for time to pass.
        while (LiveConnection() is null && !patience.IsCompleted)
            await Task.Delay(TimeSpan.FromMilliseconds(1)).ConfigureAwait(false);
        if (LiveConnection() is { } live)
            await Task.WhenAny(AskAsync(client), live.Ended, patience).ConfigureAwait(false);
        entrance.WasHeard = !patience.IsCompleted;
    }

    private static async Task AskAsync(CoordClient client)
    {
        try
        {
            await client.SyncAsync().ConfigureAwait(false);
        }
        catch (Exception failed) when (failed is CoordException or ObjectDisposedException)
        {
            // It has lost its node, and is not waited for.
        }
    }
}
