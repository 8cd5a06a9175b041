using System.Net.Sockets;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// Clients in numbers that no workload has, and clients that behave as none should. What they did is counted; their
/// outcomes are nobody's history.
/// </summary>
internal sealed class ClientStorm(
    ClientSide clients, Random random, int sessionTimeoutMs = ClientStorm.DefaultSessionTimeoutMs) : IDisposable
{
    /// <summary>What slow readers ask for; it is left where it is.</summary>
    public const string LargePath = "/jepsen-large";

    public const int DefaultSessionTimeoutMs = 4_000;

    private const int LargeBytes = 256 * 1024;

    private static readonly TimeSpan ReplyTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly List<SessionClient> crowd = [];
    private readonly List<Socket> sockets = [];
    private readonly List<WireConnection> readers = [];

    /// <summary>Sessions that are attached at the moment.</summary>
    public int Attached => crowd.Count(session => session.IsConnected);

    /// <summary>Sessions of the crowd that the servers ended.</summary>
    public int Expired => crowd.Sum(session => session.Expirations);

    /// <summary>So many sessions attach at once; those that had been attached turn up again at the next node.</summary>
    public Task GatherAsync(int count, CancellationToken stop)
    {
        while (crowd.Count < count)
            crowd.Add(NewSession());
        return Task.WhenAll(crowd.Where(session => !session.IsConnected).Select(session => AttachAsync(session, stop)));
    }

    /// <summary>All of the crowd lose their connections at once, and keep their sessions.</summary>
    public void DropAll() => crowd.ForEach(session => session.MoveOn());

    /// <summary>All of the crowd go away without a word; their sessions are left to expire.</summary>
    public void Abandon()
    {
        crowd.ForEach(session => session.Dispose());
        crowd.Clear();
    }

    /// <summary>All of the crowd end their sessions as they should.</summary>
    public async Task CloseAsync()
    {
        await Task.WhenAll(crowd.Where(session => session.IsConnected).Select(CloseAsync));
        Abandon();
    }

    /// <summary>
    /// Connections that say nothing, or begin a handshake and do not end it. Gives how many there are now.
    /// </summary>
    public async Task<int> OpenHalfAsync(int count, CancellationToken stop)
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => OpenOneHalfAsync(random.Next(), stop)));
        sockets.AddRange(opened.OfType<Socket>());
        return sockets.Count;
    }

    /// <summary>
    /// Sessions that ask for a large znode again and again, and never read an answer, until all is asked or the node
    /// cuts them off for it. Gives how many began.
    /// </summary>
    public async Task<int> StartReadersAsync(int count, int requests, CancellationToken stop)
    {
        await MakeLargeAsync(stop);
        var started = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => AskMuchAsync(random.Next(), requests)));
        readers.AddRange(started.OfType<WireConnection>());
        return readers.Count;
    }

    public void Dispose()
    {
        Abandon();
        foreach (var socket in sockets)
        {
            // Half of them end as a process does that was killed, the others by a reset.
            if (random.Next(2) == 0)
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Dispose();
        }

        readers.ForEach(reader => reader.Dispose());
    }

    private SessionClient NewSession()
    {
        var view = DrawView(random);
        return new SessionClient(view, random.Next(view.Nodes.Count) + 1, ReplyTimeout, sessionTimeoutMs);
    }

    private ClientView DrawView(Random from) => clients.AnyView(from);

    private static async Task AttachAsync(SessionClient session, CancellationToken stop)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timer.CancelAfter(Patience);
        try
        {
            await session.ConnectAsync(timer.Token);
            await session.ExistsAsync("/");
        }
        catch (Exception error) when (error is ConnectionLostException or OperationCanceledException)
        {
            // A storm need not get in everywhere; who is attached is counted.
            session.Drop();
        }
    }

    private static async Task CloseAsync(SessionClient session)
    {
        try
        {
            await session.CloseAsync();
        }
        catch (ConnectionLostException)
        {
            // Then it expires.
        }
    }

    private async Task<Socket?> OpenOneHalfAsync(int seed, CancellationToken stop)
    {
        var own = new Random(seed);
        var handshake = Wire.Connect(lastZxid: 0, sessionTimeoutMs, sessionId: 0, new byte[Wire.PasswordBytes]);
        var view = DrawView(own);
        var socket = view.NewSocket();
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timer.CancelAfter(Patience);
        try
        {
            await socket.ConnectAsync(view.Nodes[own.Next(view.Nodes.Count)], timer.Token);
            if (own.Next(3) > 0)
                await socket.SendAsync(handshake.AsMemory(0, own.Next(1, handshake.Length)), timer.Token);
            return socket;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
    }

    private async Task MakeLargeAsync(CancellationToken stop)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(stop);
        timer.CancelAfter(Patience);
        using var session = NewSession();
        try
        {
            await session.ConnectAsync(timer.Token);
            await session.CreateAsync(LargePath, new byte[LargeBytes]);
            await session.CloseAsync();
        }
        catch (Exception error) when (error is ConnectionLostException or OperationCanceledException)
        {
            // Where it is missing, readers ask for it all the same.
        }
    }

    private async Task<WireConnection?> AskMuchAsync(int seed, int requests)
    {
        using var timer = new CancellationTokenSource(Patience);
        var handshake = Wire.Connect(lastZxid: 0, sessionTimeoutMs, sessionId: 0, new byte[Wire.PasswordBytes]);
        WireConnection? connection = null;
        try
        {
            var own = new Random(seed);
            var view = DrawView(own);
            var node = view.Nodes[own.Next(view.Nodes.Count)];
            (connection, _) = await WireConnection.OpenAsync(view.NewSocket(), node, handshake, timer.Token);
            for (var xid = 1; xid <= requests; xid++)
                await connection.SendAsync(Wire.ReadRequest(xid, Wire.GetData, LargePath), timer.Token);
        }
        catch (ConnectionLostException)
        {
            // Not let in, or cut off while it asked: as a node should, where more waits than it keeps for one client.
        }

        return connection;
    }
}
