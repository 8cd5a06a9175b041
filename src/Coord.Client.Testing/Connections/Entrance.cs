using System.Net;
using System.Net.Sockets;
using Coord.Raft;

namespace Coord.Client.Testing;

/// <summary>
/// The addresses of one client: a port of its own on each of its nodes, so that a fault can be meant for it alone. Each
/// has a thread that accepts, until the client is disposed or the cluster is.
/// </summary>
internal sealed class Entrance : IDisposable
{
    private readonly InProcessCluster cluster;
    private readonly List<(NodeId Node, Socket Listener)> listeners = [];
    private readonly List<TestConnection> open = [];

    // Weak: a client that nobody disposes is to say so in its log, while its cluster lives too.
    private WeakReference<CoordClient>? client;
    private bool isClosed;

    public Entrance(
        InProcessCluster cluster, Faults faults, bool asZooKeeper, IEnumerable<NodeId> nodes)
    {
        this.cluster = cluster;
        Faults = faults;
        AsZooKeeper = asZooKeeper;
        foreach (var id in nodes)
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            listeners.Add((id, listener));
            new Thread(() => Accept(cluster.Node(id), listener)) { IsBackground = true, Name = "coord-test-accept" }
                .Start();
        }
    }

    public Faults Faults { get; }

    /// <summary>Nothing announces what only Coord can do.</summary>
    public bool AsZooKeeper { get; }

    /// <summary>Who comes here; null: whoever was given the addresses, or nobody any more.</summary>
    public CoordClient? Client => client is not null && client.TryGetTarget(out var alive) ? alive : null;

    public string ConnectionString => string.Join(',', listeners.Select(each => AddressOf(each.Listener)));

    /// <summary>New connections are closed at once.</summary>
    public bool IsShut { get; set; }

    /// <summary>Nothing passes, and nobody is told.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Nothing keeps the client from being answered, and it has not been told that something does.</summary>
    public bool CanBeHeard =>
        !IsShut && !IsSilent && !open.Exists(connection => connection is { IsSilent: true, IsLeft: false });

    /// <summary>Something that a client sent into silence has not been taken yet.</summary>
    public bool HasUntakenSilence => open.Exists(connection => connection is { IsSilent: true, HasUntaken: true });

    /// <summary>It was, when it was last waited for.</summary>
    public bool WasHeard { get; set; } = true;

    /// <summary>The connection on which the client's session lives; null: there is none.</summary>
    public TestConnection? Live => open.Find(connection => connection.IsLive);

    /// <summary>The last session that was accepted here.</summary>
    public (long Id, byte[] Password) Session { get; set; }

    /// <summary>How many requests of each kind have arrived here. Under the lock of <see cref="Faults"/>.</summary>
    public Dictionary<RequestKind, int> Seen { get; } = [];

    /// <summary>Makes the client the one that comes here; the addresses close as it is disposed.</summary>
    public void Serve(CoordClient one)
    {
        client = new WeakReference<CoordClient>(one);
        cluster.Served.Add(one, this);
        one.WhenClosed = Close;
    }

    public IEnumerable<TestConnection> ConnectionsTo(NodeId id) =>
        open.Where(connection => connection.Node.Id == id);

    public void CutAll()
    {
        foreach (var connection in open)
            connection.Cut();
    }

    /// <summary>What was lost in silence is lost: a connection cannot go on behind a gap.</summary>
    public void CutSilent()
    {
        foreach (var connection in open.Where(connection => connection.IsSilent))
            connection.Cut();
    }

    public void Add(TestConnection connection) => open.Add(connection);

    public void Remove(TestConnection connection)
    {
        open.Remove(connection);
        ForgetIfEnded();
    }

    public void Dispose()
    {
        Close();
        cluster.Do(CutAll);
    }

    public string AddressOf(NodeId id) => AddressOf(listeners.Find(each => each.Node == id).Listener);

    // Connections end by themselves: on one of them may be a request that arrives after its client has gone.
    private void Close()
    {
        foreach (var (_, listener) in listeners)
            listener.Dispose();
        cluster.Do(() =>
        {
            isClosed = true;
            ForgetIfEnded();
        });
    }

    private void ForgetIfEnded()
    {
        if (isClosed && open.Count == 0)
            cluster.Forget(this);
    }

    private static string AddressOf(Socket listener) => listener.LocalEndPoint!.ToString()!;

    private void Accept(InProcessNode node, Socket listener)
    {
        try
        {
            while (true)
            {
                var socket = listener.Accept();
                cluster.Do(() => Take(node, socket));
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private void Take(InProcessNode node, Socket socket)
    {
        if (IsShut || isClosed || !node.IsRunning)
            socket.Dispose();
        else
            TestConnection.Start(socket, this, node, cluster);
    }
}
