using Coord.Node.Members;
using Coord.Node.Metrics;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;

namespace Coord.Node.Tests.Replica;

/// <summary>
/// The replica of node 2, which follows node 1: it starts with entries in its log, and is told at once that all of them
/// are committed.
/// </summary>
internal sealed class FollowingReplica : IReplicaLog, IReplicaBackground
{
    private static readonly NodeId Leader = new(1);

    private readonly Coord.Node.Replica.Replica replica;

    public FollowingReplica(
        Member[] founders, (EntryKind Kind, byte[] Payload)[] log, string? recoveringBecause = null)
    {
        Entry[] entries = [.. log.Select((entry, position) => new Entry(
            new Term(1), new LogIndex(position + 1), entry.Kind, entry.Payload))];
        replica = new Coord.Node.Replica.Replica(
            new ReplicaServices
            {
                Time = TimeProvider.System,
                Limits = NodeLimits.Default,
                RaftSettings = new RaftSettings(),
                Log = this,
                Links = Links,
                Background = this,
                Sends = new NoSends(),
                Metrics = new NodeMetrics { Replica = new ReplicaMetrics { Digests = Digests } },
                NewPassword = () => new byte[16],
                Publish = _ => { },
            },
            new ReplicaStart
            {
                Tree = Founding.TreeOf(founders, 1),
                ProcessStart = 1,
                Incarnation = 22,
                RecoveringBecause = recoveringBecause,
                Raft = new RaftStart
                {
                    Id = new NodeId(2),
                    Membership = Founding.MembershipOf(founders),
                    MembershipEntries = [.. entries.Where(entry => entry.Kind == EntryKind.Membership)],
                    Entries = entries,
                    LastIndex = entries[^1].Index,
                    HardState = new HardState(new Term(1), VotedFor: null),
                    Seed = 1,
                    IsRecovering = recoveringBecause is not null,
                    ProcessStart = 1,
                },
            });
        Receive(new RaftPeerMessage(new Heartbeat(new Term(1), entries[^1].Index, BarrierRound: 0)));
    }

    public RecordingLinks Links { get; } = new();

    /// <summary>The digests behind each of its entries.</summary>
    public DigestLog Digests { get; } = new() { Interval = 1 };

    /// <summary>What it noted of its removal.</summary>
    public List<string?> Marks { get; } = [];

    public long LastAppend { get; private set; }

    public bool HasClearedRecovering { get; private set; }

    public TimeSpan OldestUnflushed => TimeSpan.Zero;

    public bool IsDiskFull => false;

    public long BytesAppended => 0;

    public int SnapshotPartsWaiting => 0;

    /// <summary>The leader sends a message.</summary>
    public void Receive(PeerMessage message) => Turn(new FromPeer(Leader, 1, message));

    public void Turn(ReplicaInput input) => replica.RunTurn([input]);

    public void MarkRemoved(string? why) => Marks.Add(why);

    public void Append(LogAppend append) => LastAppend = append.Sequence;

    public void ClearRecovering() => HasClearedRecovering = true;

    public void MarkSnapshot(LogIndex index, Term term, bool isReset) => throw Unexpected();

    public void ReadEntries(FetchEntries request) => throw Unexpected();

    public void WriteSnapshot(SnapshotId snapshot, ReadOnlyMemory<byte> part, bool isLast) => throw Unexpected();

    public void LoadSnapshot(InstallSnapshot install) => throw Unexpected();

    public void ReleaseOlder(SnapshotId snapshot) => throw Unexpected();

    private static InvalidOperationException Unexpected() => new("A few entries need none of this.");
}
