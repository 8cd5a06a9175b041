using System.Net;
using System.Runtime.CompilerServices;
using Coord.Node;
using Coord.Node.Clients;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;

namespace Coord.Client.Testing;

/// <summary>
/// The nodes, and what is between them. One lock guards all: who brings something, a request or a tick, also runs the
/// turns that it causes, on every node, until none has work. So a request is answered before its caller goes on, and no
/// node has a thread.
/// </summary>
internal sealed class InProcessCluster : IDisposable
{
    // What goes on for longer than this goes on with the next tick, as a message under way would.
    private const int RoundsMax = 10_000;

    // An election ends within three of its timeouts, most within one.
    private static readonly TimeSpan ElectionPatience = TimeSpan.FromSeconds(30);

    private readonly Lock gate = new();
    private readonly Dictionary<NodeId, InProcessNode> nodes = [];
    private readonly List<Entrance> entrances = [];
    private readonly ITimer ticker;
    private long linkSessions;
    private bool isSettling;

    public InProcessCluster(FakeTimeProvider time, int size)
    {
        Time = time;
        Member[] founders = [.. Enumerable.Range(1, size).Select(MemberOf)];
        foreach (var founder in founders)
            nodes.Add(founder.Id, new InProcessNode(this, founder.Id, founders));
        foreach (var id in nodes.Keys)
            Start(id);
        time.Alone = Hold;
        ticker = time.CreateTimer(_ => Do(Tick), null, Limits.ReplicaTick, Limits.ReplicaTick);
    }

    public FakeTimeProvider Time { get; }

    public NodeLimits Limits { get; } = NodeLimits.Default with
    {
        SessionTimeoutMin = TimeSpan.FromSeconds(1),
        ReadOnlyMode = true,
        LogWindowBytes = int.MaxValue,
    };

    public IReadOnlyCollection<NodeId> Ids => nodes.Keys;

    /// <summary>The addresses of each client that was given some of its own, also of those that are closed.</summary>
    public ConditionalWeakTable<ICoordClient, Entrance> Served { get; } = new();

    public InProcessNode? Leader => nodes.Values.Where(node => node.IsLeader)
        .MaxBy(node => node.Replica!.Core.Status.Term);

    public InProcessNode Node(NodeId id) => nodes[id];

    public void Dispose()
    {
        ticker.Dispose();
        foreach (var entrance in Entrances())
            entrance.Dispose();
    }

    /// <summary>Does something with the nodes, and all that follows from it.</summary>
    public void Do(Action action)
    {
        lock (gate)
        {
            action();
            Settle();
        }
    }

    /// <summary>Does something with the nodes, and all that follows from it.</summary>
    public T Do<T>(Func<T> action)
    {
        lock (gate)
        {
            var result = action();
            Settle();
            return result;
        }
    }

    public T Look<T>(Func<T> look)
    {
        lock (gate)
            return look();
    }

    /// <summary>New addresses, of one node or of all.</summary>
    public Entrance Open(Faults faults, bool asZooKeeper, NodeId? only = null)
    {
        var entrance = new Entrance(this, faults, asZooKeeper, only is { } id ? [id] : Ids);
        lock (gate)
            entrances.Add(entrance);
        return entrance;
    }

    /// <summary>Nobody comes there any more. Under the lock.</summary>
    public void Forget(Entrance entrance) => entrances.Remove(entrance);

    /// <summary>Where somebody comes in, or may.</summary>
    public IReadOnlyList<Entrance> Entrances()
    {
        lock (gate)
            return [.. entrances];
    }

    public void Start(NodeId id) => Do(() =>
    {
        nodes[id].Start();
        if (!nodes[id].IsIsolated)
            Link(id);
    });

    public void Kill(NodeId id) => Do(() =>
    {
        nodes[id].Kill();
        foreach (var connection in entrances.SelectMany(entrance => entrance.ConnectionsTo(id)))
            connection.Cut();
        foreach (var other in Others(id))
        {
            other.Post(new PeerDown(id));
            other.Post(new PeerProcessGone(id));
        }
    });

    public void Isolate(NodeId id) => Do(() =>
    {
        nodes[id].IsIsolated = true;
        foreach (var other in Others(id))
        {
            other.Post(new PeerDown(id));
            nodes[id].Post(new PeerDown(other.Id));
        }
    });

    public void Rejoin(NodeId id) => Do(() =>
    {
        nodes[id].IsIsolated = false;
        if (nodes[id].IsRunning)
            Link(id);
    });

    /// <summary>Moves time until all that can serve do, or there is no quorum of them.</summary>
    public void Elect()
    {
        bool HasQuorum() => 2 * nodes.Values.Count(CanTalk) > nodes.Count;
        bool AllServe() => nodes.Values.Where(CanTalk).All(node => node.Status.NotReadyBecause is null)
            && Leader is { IsIsolated: false };

        for (var end = Time.GetTimestamp() + ElectionPatience.Ticks; Look(HasQuorum) && !Look(AllServe);)
        {
            if (Time.GetTimestamp() > end)
                throw new InvalidOperationException("The nodes elected no leader in 30 s of their time.");
            Time.Pass(Limits.ReplicaTick);
        }
    }

    /// <summary>A message between nodes arrives at once, or the sender is told that it did not.</summary>
    public void Carry(InProcessNode from, NodeId to, byte[] frame)
    {
        if (nodes[to] is not { IsRunning: true, IsIsolated: false } target || from.IsIsolated)
            from.Post(new PeerMessageDropped(to));
        else if (PeerCodec.TryRead(frame, out var message))
            target.Post(new FromPeer(from.Id, linkSessions, message!));
    }

    /// <summary>Ends a session as the leader does when its time is up.</summary>
    /// <returns>False: there is no leader with a quorum to do it.</returns>
    public bool EndSession(long id, byte[] password)
    {
        lock (gate)
        {
            if (Leader is not { IsIsolated: false, Replica: { } replica } leader)
                return false;
            var door = new ClientSession(new BackDoor())
            {
                Identities = SessionIdentities.Of(IPAddress.Loopback),
            };
            leader.Post(new ClientConnecting(
                door, new ConnectHandshake(0, 0, id, password, HasReadOnlyByte: false, AcceptsReadOnly: false)));
            leader.Post(new ClientFrames(door, BackDoor.CloseFrame(), 1));
            Settle();
            leader.Post(new ClientGone(door));
            Settle();
            return replica.Tree.Sessions.All(session => session.Id != id);
        }
    }

    private static Member MemberOf(int id)
    {
        NodeAddress At(int port) => new($"node{id}.test", port);
        return new Member(new NodeId(id), (UInt128)id, At(2281), At(2181), At(8081));
    }

    private static bool CanTalk(InProcessNode node) => node is { IsRunning: true, IsIsolated: false };

    private void Hold(Action action)
    {
        lock (gate)
            action();
    }

    private IEnumerable<InProcessNode> Others(NodeId id) =>
        nodes.Values.Where(other => other.Id != id && CanTalk(other));

    private void Link(NodeId id)
    {
        linkSessions++;
        foreach (var other in Others(id))
        {
            Announce(nodes[id], other);
            Announce(other, nodes[id]);
        }
    }

    private void Announce(InProcessNode at, InProcessNode peer) => at.Post(
        new PeerUp(peer.Id, linkSessions, peer.Life, IsRecovering: false, peer.Replica!.Core.Status.Leader)
        {
            FeatureLevelMax = FeatureLevels.Max,
        });

    private void Tick()
    {
        foreach (var node in nodes.Values.Where(node => node.IsRunning))
            node.RunTurn();
    }

    private void Settle()
    {
        if (isSettling)
            return;
        isSettling = true;
        try
        {
            for (var round = 0; round < RoundsMax && nodes.Values.Any(node => node.HasWork); round++)
            {
                foreach (var node in nodes.Values.Where(node => node.HasWork))
                    node.RunTurn();
            }
        }
        finally
        {
            isSettling = false;
        }
    }
}
