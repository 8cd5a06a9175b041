using Coord.Node.Audit;
using Coord.Node.Clients;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Tests.Replica;

/// <summary>
/// The replica of node 1, the only member of its cluster, which leads: its log is durable at once, and its time is the
/// test's.
/// </summary>
internal sealed class LoneReplica : IReplicaLog, IReplicaBackground, IClientSends
{
    // A round that proves who leads takes fewer.
    private const int QuietTurns = 10;

    private readonly ManualTime time = new();
    private readonly Coord.Node.Replica.Replica replica;
    private readonly List<ReplicaInput> next = [];
    private int passwords;

    public LoneReplica(long processStart, NodeLimits? limits = null, AuditLog? audit = null)
    {
        Member[] members = [new(new NodeId(1), 11, At(2281), At(2181), At(8081))];
        replica = new Coord.Node.Replica.Replica(
            new ReplicaServices
            {
                Time = time,
                Limits = limits ?? NodeLimits.Default,
                RaftSettings = new RaftSettings(),
                Log = this,
                Links = Links,
                Background = this,
                Sends = this,
                StartOutdone = latest => Outdone = latest,
                NewPassword = () => BitConverter.GetBytes((UInt128)(uint)++passwords),
                Publish = _ => { },
                Audit = audit,
            },
            new ReplicaStart
            {
                Tree = Founding.TreeOf(members, 1),
                ProcessStart = processStart,
                Incarnation = 11,
                Raft = new RaftStart { Id = new NodeId(1), Membership = Founding.MembershipOf(members), Seed = 1 },
            });
        for (var turn = 0; turn < 200 && !IsSettled; turn++)
            Turn();

        Assert.True(IsSettled);
    }

    public RecordingLinks Links { get; } = new();

    /// <summary>The higher start number that the log was found to hold.</summary>
    public long? Outdone { get; private set; }

    public ZnodeTree Tree => replica.Tree;

    public TimeSpan OldestUnflushed => TimeSpan.Zero;

    public bool IsDiskFull => false;

    public long BytesAppended => 0;

    public int SnapshotPartsWaiting => 0;

    private bool IsSettled =>
        replica.Core.Status.Role == RaftRole.Leader && Tree.AppliedIndex == replica.Core.Status.Last.Value
        && next.Count == 0;

    /// <summary>A message arrives, and all that follows from it happens.</summary>
    public void Receive(int from, PeerMessage message) => Take(new FromPeer(new NodeId(from), 1, message));

    /// <summary>Something happens outside, and all that follows from it.</summary>
    public void Take(ReplicaInput input)
    {
        TakeAll(input);
        for (var still = 1; still < QuietTurns; still++)
        {
            var applied = Tree.AppliedIndex;
            Turn();
            if (Tree.AppliedIndex != applied)
                still = 0;
        }
    }

    /// <summary>One turn takes in all of it; there may be nothing.</summary>
    public void TakeAll(params IEnumerable<ReplicaInput> inputs)
    {
        next.AddRange(inputs);
        Turn();
    }

    public void Mark() => next.Add(new SendsTaken());

    public void Append(LogAppend append) => next.Add(new LogPersisted(append.Sequence));

    public void MarkSnapshot(LogIndex index, Term term, bool isReset) => throw Unexpected();

    public void ReadEntries(FetchEntries request) => throw Unexpected();

    public void WriteSnapshot(SnapshotId snapshot, ReadOnlyMemory<byte> part, bool isLast) => throw Unexpected();

    public void LoadSnapshot(InstallSnapshot install) => throw Unexpected();

    public void ReleaseOlder(SnapshotId snapshot) => throw Unexpected();

    public void ClearRecovering() => throw Unexpected();

    public void MarkRemoved(string? why) => throw Unexpected();

    private static InvalidOperationException Unexpected() => new("A small log needs none of this.");

    private static NodeAddress At(int port) => new("node1", port);

    private void Turn()
    {
        time.Advance(NodeLimits.Default.ReplicaTick);
        ReplicaInput[] inputs = [.. next];
        next.Clear();
        replica.RunTurn(inputs);
    }

    private sealed class ManualTime : TimeProvider
    {
        private long now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => now;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddTicks(now);

        public void Advance(TimeSpan by) => now += by.Ticks;
    }
}
