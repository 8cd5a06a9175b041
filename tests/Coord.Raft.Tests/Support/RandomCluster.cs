using System.Buffers.Binary;

namespace Coord.Raft.Tests;


/// <summary>
/// A seeded group of cores on a bad network and disks that forget what was not flushed (raft-design T2 to T9, small).
/// First faults, then a healed network in which everything must come to rest (T7).
/// </summary>
internal sealed partial class RandomCluster
{
    private readonly ulong seed;
    private readonly SplitMix64 random;
    private readonly Membership genesis;
    private readonly TestNode[] nodes;
    private readonly Oracle oracle;
    private readonly List<TestPacket> network = [];
    private readonly HashSet<(NodeId From, NodeId To)> cuts = [];
    private readonly Dictionary<NodeId, HashSet<long>> proposals = [];
    private readonly Dictionary<NodeId, Dictionary<long, (LogIndex Committed, long Asked)>> barriers = [];
    private readonly Dictionary<NodeId, TestClock> clocks = [];
    private readonly int lossPercent;
    private readonly int duplicatePercent;
    private readonly int lazyDiskPercent;
    private readonly int faultsPerMille;
    private readonly bool snapshots;
    private readonly bool losses;
    private readonly bool changes;
    private readonly bool leases;
    private long nextToken = 1;
    private long now;

    /// <summary>
    /// With <paramref name="driftPerMille"/>, leaders may use leases. The clock of the first node is slow by so much,
    /// those of the others are fast, and the first one mostly leads: the worst that can happen to a lease.
    /// </summary>
    public RandomCluster(ulong seed, int driftPerMille = 0)
    {
        this.seed = seed;
        random = new SplitMix64(seed);
        leases = driftPerMille > 0;
        var count = random.Below(5) switch { 0 => 5, 1 => 4, 2 => 2, _ => 3 };
        changes = random.Below(3) > 0;
        var voters = Enumerable.Range(1, count).Select(number => new NodeId(number)).ToArray();
        var waiting = Enumerable.Range(count + 1, changes ? 2 : 0).Select(number => new NodeId(number));
        var settings = DrawSettings();
        var level = leases && random.Below(3) > 0 ? 2 : 1;
        genesis = Membership.OfVoters(voters);
        nodes = [.. voters.Select(id => NewNode(id, new TestDisk(genesis, level), settings)),
            .. waiting.Select(id => NewNode(id, new TestDisk(Membership.None, level), settings))];
        oracle = new Oracle(nodes);
        lossPercent = Draw(0, 5, 20);
        duplicatePercent = Draw(0, 5, 30);
        lazyDiskPercent = Draw(0, 40, 80);
        faultsPerMille = Draw(0, 15, 50);
        snapshots = random.Below(2) == 0;
        losses = random.Below(3) > 0;
        foreach (var node in nodes)
        {
            proposals[node.Id] = [];
            barriers[node.Id] = [];
            clocks[node.Id] = new TestClock(1_000 + (node == nodes[0] ? -driftPerMille : driftPerMille));
        }
    }

    public ulong TraceHash { get; private set; } = Hash.Start;

    /// <summary>How many barriers passed under a lease, without a message.</summary>
    public int LeaseReads { get; private set; }

    /// <summary>How often a disk lost something.</summary>
    public int Losses { get; private set; }

    /// <summary>How often a leader told a successor to campaign.</summary>
    public int Transfers { get; private set; }

    public int CommittedCount => (int)oracle.Committed.Value;

    public int MembershipSteps => oracle.MembershipSteps;

    public void Run(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            InjectFaults();
            Round(workload: true);
        }

        Heal();
        for (var round = 0; round < 3_000; round++)
        {
            Round(workload: false);
            if (round > 300 && IsAtRest())
                return;
        }

        Assert.Fail($"Seed {seed}: no rest after healing. {Describe()}");
    }

    private TestNode NewNode(NodeId id, TestDisk disk, RaftSettings settings) =>
        new(id, settings, (seed * 31) + (ulong)id.Value, disk);

    private RaftSettings DrawSettings() => new()
    {
        HeartbeatTicks = 2,
        ElectionTicks = (leases ? 30 : 10) + random.Below(10),
        AppendBytesMax = Draw(1, 300, 1 << 20),
        InFlightMessagesMax = 2 + random.Below(6),
        InFlightBytesMax = Draw(1, 500, 8 << 20),
        SmallBatchBytes = Draw(0, 200, 16 << 10),
        SmallBatchesInFlightMax = 1 + random.Below(2),
        LogWindowBytesMax = Draw(0, 1_000, 64 << 20),
        LogWindowSpareBytes = Draw(0, 500, 1 << 20),
        CommittedEntriesMax = 1 + random.Below(8),
        CommittedBytesMax = Draw(1, 200, 4 << 20),
        UncommittedEntriesMax = Draw(4, 100, 65_536),
        BarriersMax = 8,
        SnapshotRetryTicks = 5,
        FeatureLevelMax = 6,
        UseLease = leases,
        StorageSpareBytes = Draw(0, 300, 2 << 20),
    };

    private int Draw(int a, int b, int c) => random.Below(3) switch { 0 => a, 1 => b, _ => c };

    private bool Chance(int percent) => random.Below(100) < percent;

    private void Round(bool workload)
    {
        now++;
        foreach (var node in nodes)
        {
            if (!node.IsUp || (leases && workload && StandsStill(node)))
                continue;

            Deliver(node, workload);
            if (workload)
                Work(node);
            LetTimePass(node, workload);
            node.Turn();
            NoteOutcome(node);
            oracle.Check(node);
            RunDisk(node, workload);
            Collect(node, workload);
        }
    }

    private bool StandsStill(TestNode node)
    {
        if (random.Below(300) == 0)
            clocks[node.Id].StallUntil(now + 2 + random.Below(60));
        return Chance(30) || clocks[node.Id].IsStalled(now);
    }

    // Without leases nothing depends on clocks: they go as they like, and jump where a node stood still. With leases
    // they are read at the end of the turn, behind the requests that it takes in (raft-design Q13).
    private void LetTimePass(TestNode node, bool workload)
    {
        if (leases)
        {
            node.Step(new Tick(clocks[node.Id].TakeElapsed(now)));
            return;
        }

        if (workload && random.Below(300) == 0)
            node.Step(new Tick(2 + random.Below(60)));
        if (!workload || Chance(70))
            node.Step(new Tick(1));
    }

    private void Deliver(TestNode node, bool faulty)
    {
        for (var i = 0; i < network.Count; i++)
        {
            var packet = network[i];
            if (packet.To != node.Id || (faulty && Chance(30)))
                continue; // Stays on its way: later packets overtake it.

            network.RemoveAt(i--);
            if (cuts.Contains((packet.From, packet.To)))
            {
                NotifyLost(packet);
                continue;
            }

            if (faulty && Chance(duplicatePercent))
                network.Add(packet);
            Note(packet);
            if (packet.Message is { } message)
            {
                node.Receive(packet.From, message);
            }
            else
            {
                node.ReceiveSnapshot(packet);
                NotifySent(node, packet);
            }
        }
    }

    private void NotifySent(TestNode receiver, TestPacket packet)
    {
        if (Find(packet.From) is { IsUp: true } sender)
            sender.Step(new SnapshotSent(receiver.Id, Success: true, packet.Snapshot!.Index));
    }

    private void NotifyLost(TestPacket packet)
    {
        var sender = Find(packet.From);
        if (packet.Snapshot is { } snapshot && sender.IsUp)
            sender.Step(new SnapshotSent(packet.To, Success: false, snapshot.Index));
    }

    private void Work(TestNode node)
    {
        if (Chance(10))
            Propose(node, 1 + random.Below(4));
        if (Chance(leases ? 30 : 5))
        {
            // Every entry committed anywhere by now must be visible behind the barrier.
            barriers[node.Id].Add(nextToken, (oracle.Committed, now));
            node.Step(new ReadBarrier(nextToken++));
        }

        if (changes && node.Core.Role == RaftRole.Leader && Chance(10))
        {
            var ids = nodes.Select(other => other.Id).ToArray();
            var change = RandomChanges.Draw(random, node.Core.State.Membership, ids, nextToken++);
            node.Step(change with { Force = change.Force && IsSoundWithout(change.Voters, RecoveringNodes()) });
        }

        if (leases && random.Below(20) == 0)
            node.Step(new TransferLeadership(nodes[0].Id));
        if (random.Below(node.Core.Role == RaftRole.Leader ? 100 : 500) == 0)
            node.Step(new TransferLeadership(random.Below(2) == 0 ? null : nodes[random.Below(nodes.Length)].Id));
        if (random.Below(100) == 0)
            node.Step(new ProposeFeatureLevel(1 + random.Below(6)));
        if (random.Below(1_000) == 0)
            node.Step(new DiskLate(100));
        if (random.Below(300) == 0)
            node.Step(new DiskFull(random.Below(2) == 0));
        if (random.Below(200) == 0)
            node.Step(new PeerUnreachable(nodes[random.Below(nodes.Length)].Id));
        if (snapshots && Chance(2))
            node.TakeSnapshot(random.Below(5));
    }

    private void Propose(TestNode node, int count)
    {
        var payloads = new ReadOnlyMemory<byte>[count];
        var first = nextToken;
        for (var i = 0; i < count; i++)
        {
            var payload = new byte[8 + random.Below(40)];
            BinaryPrimitives.WriteInt64LittleEndian(payload, nextToken);
            payloads[i] = payload;
            proposals[node.Id].Add(nextToken++);
        }

        var last = node.LastIndex;
        node.Step(new Propose(payloads, first));
        Assert.True(!node.Core.Status.IsStorageFull || node.LastIndex == last, "A full disk takes no proposal (P40).");
    }

    private void NoteOutcome(TestNode node)
    {
        foreach (var rejection in node.Rejections)
        {
            for (var token = rejection.Token; token < rejection.Token + rejection.Count; token++)
                Assert.True(proposals[node.Id].Remove(token) || barriers[node.Id].Remove(token), "One end per token.");
        }

        foreach (var state in node.ReadStates)
        {
            Assert.True(barriers[node.Id].Remove(state.Token, out var start), "One end per barrier.");
            if (state.Index < start.Committed)
                throw new StaleReadException($"Barrier at {state.Index} misses the commit at {start.Committed}.");
            LeaseReads += start.Asked == now ? 1 : 0;
        }

        node.Rejections.Clear();
        node.ReadStates.Clear();
    }

    private void RunDisk(TestNode node, bool faulty)
    {
        if (!faulty || !Chance(lazyDiskPercent))
            node.Persist(faulty ? 1 + random.Below(3) : int.MaxValue);
        if (!faulty || Chance(50))
            node.Fetch();
        if (!faulty || Chance(20))
            Install(node);
        if ((!faulty || Chance(20)) && node.ClearRecovering())
            Link(node);
        if (!faulty || Chance(60))
            node.Apply(faulty ? 1 + random.Below(5) : int.MaxValue);
        foreach (var entry in node.AppliedEntries)
        {
            oracle.CheckApplied(entry);
            EndProposal(node, entry);
        }

        node.AppliedEntries.Clear();
    }

    // What a snapshot holds is not handed out any more: the state machine knows which proposals are among it.
    private void Install(TestNode node)
    {
        if (!node.Install())
            return;

        foreach (var entry in oracle.CommittedTo(node.Applied))
            EndProposal(node, entry);
    }

    private void EndProposal(TestNode node, Entry entry)
    {
        if (entry.Kind == EntryKind.Command)
            proposals[node.Id].Remove(BinaryPrimitives.ReadInt64LittleEndian(entry.Payload.Span));
    }

    private void Collect(TestNode node, bool faulty)
    {
        foreach (var packet in node.Outgoing)
        {
            oracle.CheckPacket(node, packet);
            Transfers += packet.Message is TimeoutNow ? 1 : 0;
            if (!faulty || !Chance(lossPercent) || packet.Snapshot is not null)
                network.Add(packet);
        }

        node.Outgoing.Clear();
    }

    // Who is in no membership any more need not hear the rest (raft-design M11).
    private bool IsAtRest() =>
        nodes.Count(node => node.Core.Role == RaftRole.Leader) == 1
        && nodes.First(node => node.Core.Role == RaftRole.Leader) is var leader
        && !leader.Core.State.Membership.IsJoint
        && leader.Core.State.Membership.Everybody().Select(Find).All(node =>
            node.Applied == leader.Applied
            && node.StateHash == leader.StateHash
            && node.LastIndex == node.Applied
            && node.AppliedLevel == leader.AppliedLevel
            && node.Core.State.Membership.Equals(leader.Core.State.Membership)
            && !node.Disk.IsRecovering)
        && proposals.Values.All(open => open.Count == 0)
        && barriers.Values.All(open => open.Count == 0)
        && nodes.All(node => node.Core.Proposals.UncommittedBytes == 0);

    private string Describe() => string.Join("; ", nodes.Select(node =>
        $"{node.Core.Status} {TraceText.Recovering(node)} open {proposals[node.Id].Count}+{barriers[node.Id].Count} " +
        string.Join(",", node.Core.Status.Peers)));

    private void Note(TestPacket packet) =>
        TraceHash = Hash.Add(TraceHash, $"{packet.From}>{packet.To} {packet.Message} {packet.Snapshot}");

    private TestNode Find(NodeId id) => nodes[id.Value - 1];
}
