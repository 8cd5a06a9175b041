namespace Coord.Raft.Tests;


/// <summary>
/// A core with everything its driver would do, but nothing by itself: the log is written, entries are applied and
/// packets leave only when the test says so.
/// </summary>
internal sealed class TestNode
{
    private readonly RaftSettings settings;
    private readonly ulong seed;
    private readonly Queue<LogAppend> unwritten = new();
    private readonly List<(long Sequence, OutboundMessage Message)> held = [];
    private readonly Queue<Entry> unapplied = new();
    private readonly Dictionary<LogIndex, TestSnapshot> received = [];
    private int starts;

    public TestNode(NodeId id, RaftSettings settings, ulong seed, TestDisk disk)
    {
        Id = id;
        this.settings = settings;
        this.seed = seed;
        Disk = disk;
        AppliedMembership = disk.Snapshot.Membership;
        AppliedLevel = disk.Snapshot.FeatureLevel;
        Core = NewCore(int.MaxValue);
    }

    public NodeId Id { get; }

    public TestDisk Disk { get; private set; }

    public RaftCore Core { get; private set; }

    public bool IsUp { get; private set; } = true;

    public long ProcessStart => starts;

    public RaftReady? LastReady { get; private set; }

    public LogIndex Applied { get; private set; }

    public ulong StateHash { get; private set; }

    public Membership AppliedMembership { get; private set; }

    public int AppliedLevel { get; private set; }

    /// <summary>Packets free to leave.</summary>
    public List<TestPacket> Outgoing { get; } = [];

    public List<Entry> AppliedEntries { get; } = [];

    public List<ReadState> ReadStates { get; } = [];

    public List<Rejection> Rejections { get; } = [];

    public List<FetchEntries> Fetches { get; } = [];

    public InstallSnapshot? ToInstall { get; private set; }

    /// <summary>The core has again what it promised; the flag still stands (raft-design P30).</summary>
    public bool RecoveryEnded { get; private set; }

    public int UnwrittenCount => unwritten.Count;

    public int UnappliedCount => unapplied.Count;

    public IReadOnlyCollection<LogAppend> Unwritten => unwritten;

    public long LastWritten { get; private set; }

    public LogIndex LastIndex => Core.State.Log.LastIndex;

    public void Step(RaftInput input) => Core.Step(input);

    public void Receive(NodeId from, RaftMessage message) => Core.Step(new Received(from, message));

    public void ReceiveSnapshot(TestPacket packet)
    {
        var snapshot = packet.Snapshot!;
        received[snapshot.Index] = snapshot;
        Core.Step(new SnapshotReceived(packet.From, packet.LeaderTerm, snapshot.Index, snapshot.Term));
    }

    /// <summary>Takes what is ready and puts it where the driver would.</summary>
    public RaftReady Turn()
    {
        var ready = Core.TakeReady();
        LastReady = ready;
        foreach (var message in ready.Messages)
            Outgoing.Add(TestPacket.Of(Id, message));
        if (ready.Append is { } append)
            unwritten.Enqueue(append);
        foreach (var message in ready.MessagesAfterPersist)
            held.Add((ready.MessagesAfterSequence, message));
        foreach (var entry in ready.Committed)
            unapplied.Enqueue(entry);
        foreach (var send in ready.SendSnapshot)
        {
            Assert.True(send.Index <= Disk.Snapshot.Index, "Only a durable snapshot is sent.");
            Outgoing.Add(new TestPacket(Id, send.Peer, null, Disk.Snapshot, send.LeaderTerm));
        }

        ToInstall = ready.InstallSnapshot ?? ToInstall;
        RecoveryEnded |= ready.RecoveryEnded;
        ReadStates.AddRange(ready.ReadStates);
        Rejections.AddRange(ready.Rejected);
        Fetches.AddRange(ready.FetchEntries);
        return ready;
    }

    /// <summary>Writes so many appends, reports them as one flush, and lets their messages go.</summary>
    public bool Persist(int count = int.MaxValue)
    {
        if (unwritten.Count == 0)
            return false;

        for (; count > 0 && unwritten.TryDequeue(out var append); count--)
        {
            Disk.Write(append);
            LastWritten = append.Sequence;
        }

        ReleaseMessages();
        Core.Step(new Persisted(LastWritten));
        return true;
    }

    public bool Apply(int count = int.MaxValue)
    {
        if (unapplied.Count == 0)
            return false;

        for (; count > 0 && unapplied.TryDequeue(out var entry); count--)
        {
            Assert.Equal(Applied.Next, entry.Index);
            Assert.True(Disk.Holds(entry.Index, entry.Term), "Only what is durable here is applied.");
            Applied = entry.Index;
            StateHash = Hash.Add(StateHash, Hash.Of(entry));
            AppliedEntries.Add(entry);
            if (entry.Kind == EntryKind.Membership
                && Membership.TryDecode(entry.Payload, entry.Index, out var membership))
                AppliedMembership = membership;
            if (entry.Kind == EntryKind.FeatureLevel && FeatureLevelCodec.TryDecode(entry.Payload.Span, out var level))
                AppliedLevel = level;
        }

        Core.Step(new Applied(Applied));
        return true;
    }

    public bool Fetch()
    {
        if (Fetches.Count == 0)
            return false;

        var fetch = Fetches[0];
        Fetches.RemoveAt(0);
        Core.Step(new EntriesFetched(fetch.Peer, fetch.First, Disk.Read(fetch.First, fetch.MaxBytes)));
        return true;
    }

    public bool Install(bool success = true)
    {
        if (ToInstall is not { } install)
            return false;

        ToInstall = null;
        if (success)
        {
            // The reset mark stands in the log stream behind everything handed out before it.
            Persist();
            var snapshot = received[install.Index];
            Disk.ResetTo(snapshot);
            unapplied.Clear();
            Applied = snapshot.Index;
            StateHash = snapshot.StateHash;
            AppliedMembership = snapshot.Membership;
            AppliedLevel = snapshot.FeatureLevel;
        }

        Core.Step(new SnapshotInstalled(
            install.Index,
            install.Term,
            success,
            success ? AppliedMembership : null,
            success ? AppliedLevel : 0));
        return true;
    }

    public bool TakeSnapshot(int keepEntries = 0)
    {
        if (Applied <= Disk.Snapshot.Index)
            return false;

        var term = Core.State.Log.TermAt(Applied);
        Disk.SaveSnapshot(new TestSnapshot(Applied, term, StateHash, AppliedMembership, AppliedLevel));
        Core.Step(new SnapshotReady(Applied, term));
        var first = Applied.Next - keepEntries;
        if (first > Disk.FirstIndex)
        {
            Disk.Compact(first);
            Core.Step(new LogCompacted(Disk.FirstIndex));
        }

        return true;
    }

    /// <summary>Power loss: what was not written is gone, but for the first so many appends.</summary>
    public void Crash(int written = 0)
    {
        for (; written > 0 && unwritten.TryDequeue(out var append); written--)
            Disk.Write(append);
        IsUp = false;
        unwritten.Clear();
        held.Clear();
        unapplied.Clear();
        received.Clear();
        Outgoing.Clear();
        Fetches.Clear();
        Rejections.Clear();
        ReadStates.Clear();
        AppliedEntries.Clear();
        ToInstall = null;
        RecoveryEnded = false;
        LastReady = null;
    }

    /// <summary>The node is down and gets another disk: empty, and in no membership (raft-design M14, M15).</summary>
    public void ReplaceDisk()
    {
        Assert.False(IsUp, "A disk is replaced while its node is down.");
        Disk = new TestDisk(Membership.None);
    }

    /// <summary>Clears the durable flag, if the core is that far.</summary>
    public bool ClearRecovering()
    {
        if (!RecoveryEnded)
            return false;

        RecoveryEnded = false;
        Disk.IsRecovering = false;
        Core.Step(new Recovered());
        return true;
    }

    public void Restart(int tail = int.MaxValue)
    {
        IsUp = true;
        Core = NewCore(tail);
    }

    private RaftCore NewCore(int tail)
    {
        LastWritten = 0;
        Applied = Disk.Snapshot.Index;
        StateHash = Disk.Snapshot.StateHash;
        AppliedMembership = Disk.Snapshot.Membership;
        AppliedLevel = Disk.Snapshot.FeatureLevel;
        return new RaftCore(settings, Disk.ToStart(Id, seed + (ulong)starts++, tail) with { ProcessStart = starts });
    }

    private void ReleaseMessages()
    {
        foreach (var (sequence, message) in held)
        {
            if (sequence <= LastWritten)
                Outgoing.Add(TestPacket.Of(Id, message));
        }

        held.RemoveAll(waiting => waiting.Sequence <= LastWritten);
    }
}
