using System.Text;

namespace Coord.Raft.Tests;


/// <summary>
/// A group in which nothing moves unless told: no delivery, no write, no apply, no tick (raft-design section 15).
/// </summary>
internal sealed class ScenarioCluster
{
    private readonly SortedDictionary<NodeId, TestNode> nodes = [];
    private readonly HashSet<(NodeId From, NodeId To)> cuts = [];
    private readonly List<TestPacket> network = [];

    private readonly Membership genesis;
    private readonly int featureLevel;

    public ScenarioCluster(int count, RaftSettings? settings = null)
        : this(Membership.OfVoters(Enumerable.Range(1, count).Select(number => new NodeId(number))), [], settings)
    {
    }

    /// <summary>A group that begins with this membership, and nodes that wait to be let in.</summary>
    public ScenarioCluster(
        Membership genesis, IEnumerable<NodeId> waiting, RaftSettings? settings = null, int featureLevel = 1)
    {
        this.genesis = genesis;
        this.featureLevel = featureLevel;
        Settings = settings ?? new RaftSettings();
        foreach (var id in genesis.Everybody())
            nodes.Add(id, NewNode(id, NewDisk()));
        foreach (var id in waiting)
            nodes.Add(id, NewNode(id, new TestDisk(Membership.None)));
    }

    public RaftSettings Settings { get; }

    public IReadOnlyList<NodeId> Voters => genesis.Voters;

    public IEnumerable<TestNode> Nodes => nodes.Values;

    public IReadOnlyList<TestPacket> Network => network;

    /// <summary>What happened since the last look, a line each.</summary>
    public StringBuilder Trace { get; } = new();

    public TestNode this[int number] => nodes[new NodeId(number)];

    public TestNode this[NodeId id] => nodes[id];

    /// <summary>Replaces a node by one that starts from this disk: terms of its entries from index 1 on.</summary>
    public TestNode Given(int number, long term, int? votedFor, params long[] entryTerms)
    {
        var id = new NodeId(number);
        var disk = NewDisk();
        var vote = votedFor is { } voted ? new NodeId(voted) : (NodeId?)null;
        var log = entryTerms.Select((entryTerm, place) =>
            NewEntry(entryTerm, place + 1));
        disk.Seed(new HardState(new Term(term), vote), log, new LogIndex(1));
        nodes[id] = NewNode(id, disk);
        return nodes[id];
    }

    /// <summary>Makes a node campaign now, whatever its timer says, and lets all follow.</summary>
    public TestNode Elect(int number)
    {
        Campaign(number);
        Stabilize();
        return this[number];
    }

    public void Campaign(int number)
    {
        this[number].Core.State.Timer.Set(1);
        this[number].Step(new Tick(1));
    }

    /// <summary>Silence long enough that nobody stands by an old leader any more; no timer fires.</summary>
    public void ForgetLeaders()
    {
        foreach (var node in Nodes.Where(node => node.IsUp && node.Core.Role != RaftRole.Leader))
        {
            for (var i = 0; i < Settings.ElectionTicks; i++)
            {
                node.Core.State.Timer.Set(1_000);
                node.Step(new Tick(1));
            }
        }
    }

    public void Propose(int number, params string[] payloads) =>
        this[number].Step(new Propose([.. payloads.Select(Text)], 1));

    /// <summary>Takes a turn and puts the packets on the network.</summary>
    public RaftReady Turn(TestNode node)
    {
        var ready = node.Turn();
        Collect(node);
        return ready;
    }

    public bool Persist(TestNode node, int count = int.MaxValue)
    {
        var any = node.Persist(count);
        Collect(node);
        return any;
    }

    /// <summary>Delivers what waits between two nodes, in order; returns what was delivered.</summary>
    public int Deliver(Func<TestPacket, bool> wanted)
    {
        var packets = network.Where(wanted).ToArray();
        network.RemoveAll(packets.Contains);
        foreach (var packet in packets)
            Hand(packet);
        return packets.Length;
    }

    public int Drop(Func<TestPacket, bool> wanted) => network.RemoveAll(packet => wanted(packet));

    public void Add(TestPacket packet) => network.Add(packet);

    public void Cut(NodeId from, NodeId to) => cuts.Add((from, to));

    public void Partition(params int[][] sides)
    {
        foreach (var from in sides)
        {
            foreach (var to in sides.Where(side => side != from).SelectMany(side => side))
            {
                foreach (var node in from)
                    Cut(new NodeId(node), new NodeId(to));
            }
        }
    }

    public void Heal() => cuts.Clear();

    /// <summary>Runs everything but ticks until nothing is left to do.</summary>
    public void Stabilize(Func<TestNode, bool>? among = null)
    {
        for (var i = 0; i < 10_000; i++)
        {
            if (!StabilizeOnce(among ?? (_ => true)))
                return;
        }

        Assert.Fail("The cluster does not come to rest.");
    }

    /// <summary>Ticks all nodes that are up, one tick each, and lets everything follow; so many times.</summary>
    public void Ticks(int count)
    {
        for (var i = 0; i < count; i++)
        {
            foreach (var node in Nodes.Where(node => node.IsUp))
                node.Step(new Tick(1));
            Stabilize();
        }
    }

    /// <summary>The disk of a node that is down loses entries, term and vote.</summary>
    public void Lose(TestNode node, int last, int term)
    {
        Assert.False(node.IsUp, "A disk loses what it holds while its node is down.");
        node.Disk.Lose(new LogIndex(last), new HardState(new Term(term), null));
    }

    /// <summary>New links between a node and all others; what was on its way is gone with the old ones.</summary>
    public void Link(TestNode node)
    {
        Drop(packet => packet.From == node.Id || packet.To == node.Id);
        foreach (var other in Nodes.Where(other => other != node && other.IsUp))
        {
            other.Step(new PeerConnected(node.Id, node.ProcessStart, node.Core.Leader, node.Disk.IsRecovering));
            node.Step(new PeerConnected(other.Id, other.ProcessStart, other.Core.Leader, other.Disk.IsRecovering));
        }
    }

    public void Crash(TestNode node, int written = 0) => node.Crash(written);

    public static ReadOnlyMemory<byte> Text(string text) => Encoding.UTF8.GetBytes(text);

    private static Entry NewEntry(long term, long index) =>
        new(new Term(term), new LogIndex(index), EntryKind.Command, Text($"{term}.{index}"));

    private bool StabilizeOnce(Func<TestNode, bool> among)
    {
        var moved = false;
        foreach (var node in Nodes.Where(node => node.IsUp && among(node)))
        {
            var ready = Turn(node);
            TraceText.AppendReady(Trace, node, ready);
            moved |= ready.HasMore | Persist(node) | node.Fetch() | node.Install() | node.Apply();
            moved |= Deliver(packet => packet.To == node.Id && IsRunning(packet.From)) > 0;
            moved |= node.Core.State.HardStateChanged || node.Core.State.Outbox.Pending.MessageList.Count > 0;
        }

        return moved || network.Any(packet => among(nodes[packet.From]) && IsRunning(packet.To));

        bool IsRunning(NodeId id) => nodes[id].IsUp && among(nodes[id]);
    }

    private void Collect(TestNode node)
    {
        network.AddRange(node.Outgoing);
        node.Outgoing.Clear();
    }

    private void Hand(TestPacket packet)
    {
        var receiver = nodes[packet.To];
        if (!receiver.IsUp || cuts.Contains((packet.From, packet.To)))
        {
            Trace.AppendLine($"  {TraceText.Of(packet)} (lost)");
            if (packet.Snapshot is { } lost && nodes[packet.From].IsUp)
                nodes[packet.From].Step(new SnapshotSent(packet.To, Success: false, lost.Index));
            return;
        }

        Trace.AppendLine($"  {TraceText.Of(packet)}");
        if (packet.Message is { } message)
        {
            receiver.Receive(packet.From, message);
            return;
        }

        receiver.ReceiveSnapshot(packet);
        nodes[packet.From].Step(new SnapshotSent(packet.To, Success: true, packet.Snapshot!.Index));
    }

    private TestNode NewNode(NodeId id, TestDisk disk) => new(id, Settings, (ulong)id.Value, disk);

    private TestDisk NewDisk() => new(genesis, featureLevel);
}
