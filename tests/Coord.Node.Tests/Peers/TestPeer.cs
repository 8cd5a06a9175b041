using System.Net;
using System.Net.Sockets;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Raft;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Tests.Peers;

/// <summary>A node reduced to its links, on loopback.</summary>
internal sealed class TestPeer : IPeerView, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly GenesisExchange exchange;
    private readonly NodeSettings settings;
    private readonly TestLogger logger = new();
    private Genesis? genesis;
    private bool isDisposed;

    public TestPeer(
        ClusterConfig cluster, int id, UInt128 incarnation, long start = 1, Genesis? genesis = null,
        PeerTls? tls = null)
    {
        settings = new NodeSettings(new NodeId(id), cluster, "", NodeLimits.Default) { PeerTls = tls };
        var identity = new ProcessIdentity(new NodeId(id), incarnation, start);
        this.genesis = genesis;
        exchange = new GenesisExchange(
            PeerSelf.MemberOf(settings.Self, incarnation), cluster.Name, cluster.Nodes.Select(node => node.Id));
        Links = new PeerLinks(settings, identity, genesis, exchange, logger);
        Links.Start();
    }

    public PeerLinks Links { get; }

    public TestInbox Inbox { get; } = new();

    public LogIndex LastIndex => new(7);

    public Term Term => new(2);

    public bool IsRecovering { get; init; }

    public NodeId? KnownLeader { get; init; }

    public int FeatureLevel { get; init; } = 1;

    /// <summary>The genesis, unless the test says otherwise.</summary>
    public IReadOnlyList<Member> Members
    {
        get => field ?? genesis!.Members;
        set;
    }

    public LogIndex MembershipIndex { get; set; }

    /// <summary>What the node logged as a reason for missing links.</summary>
    public string LoggedUntil(string part) => logger.WaitFor(part);

    public Genesis Found()
    {
        using var patience = new CancellationTokenSource(Patience);
        genesis = exchange.Wait(patience.Token)
            ?? throw new TimeoutException($"Node {settings.Id}: {exchange.Waiting}");
        Links.SetGenesis(genesis);
        return genesis;
    }

    /// <summary>A membership entry was appended here.</summary>
    public void NowListed(IReadOnlyList<Member> members, LogIndex index)
    {
        (Members, MembershipIndex) = (members, index);
        Links.SetMembers(members);
    }

    /// <summary>As a node does once its replica runs.</summary>
    public TestPeer Begin(ISnapshotTransfers? transfers = null)
    {
        Links.Begin(Inbox, this, transfers ?? new RefusedSnapshots());
        return this;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isDisposed, true))
            return;
        Links.Dispose();
    }

    /// <summary>The founding of a cluster whose nodes have the incarnations 101 and up.</summary>
    public static Genesis GenesisOf(ClusterConfig cluster) => Genesis.Of(
        cluster.Name,
        cluster.Nodes.Select(node => PeerSelf.MemberOf(node, (UInt128)(100 + node.Id.Value))));

    /// <summary>
    /// Names free ports for a cluster. Sockets hold them until all are known, so that none comes twice.
    /// </summary>
    public static ClusterConfig Cluster(int nodes, string name = "dev")
    {
        var held = new List<Socket>();
        try
        {
            NodeAddress Free()
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                held.Add(socket);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                return new NodeAddress("127.0.0.1", ((IPEndPoint)socket.LocalEndPoint!).Port);
            }

            var ids = Enumerable.Range(1, nodes);
            return new ClusterConfig(name, [.. ids.Select(id => new ClusterNode(new(id), Free(), Free(), Free()))]);
        }
        finally
        {
            held.ForEach(socket => socket.Dispose());
        }
    }

    private sealed class RefusedSnapshots : ISnapshotTransfers
    {
        public Action? BeginReceive(PeerSocket connection, PeerHello mine, PeerHello theirs) => null;

        public void Send(PeerLink to, SnapshotId snapshot, Term term) => throw new NotSupportedException();

        public void Abort(Term before)
        {
            // Nothing is ever under way here.
        }
    }

    private sealed class TestLogger : ILogger
    {
        private readonly List<string> lines = [];

        public string WaitFor(string part)
        {
            var deadline = DateTime.UtcNow + Patience;
            lock (lines)
            {
                while (true)
                {
                    if (lines.Find(line => line.Contains(part, StringComparison.Ordinal)) is { } found)
                        return found;
                    if (!Monitor.Wait(lines, Patience) || DateTime.UtcNow > deadline)
                        throw new TimeoutException($"'{part}' is not in: {string.Join(Environment.NewLine, lines)}");
                }
            }
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            lock (lines)
            {
                lines.Add(formatter(state, exception));
                Monitor.PulseAll(lines);
            }
        }
    }
}
