using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Node.Tests.Members;
using Coord.Raft;

namespace Coord.Node.Tests.Replica;

/// <summary>Node 2 is told by its log who was let in and taken out (design.md section 10).</summary>
public class RemovedNodeTests
{
    private static readonly Member[] Founders = [TestMember.Of(1, 11)];
    private static readonly Member[] Both = [TestMember.Of(1, 11), TestMember.Of(2, 22)];

    [Fact]
    public void A_node_that_was_taken_out_must_not_start_again_on_its_data()
    {
        var marks = MarksOf(Both, Founders);
        Assert.Null(marks[0]);
        Assert.Contains("removed from the cluster by entry 2", marks[1], StringComparison.Ordinal);
        Assert.Equal(2, marks.Count);
    }

    /// <summary>The first time it heard of nothing: its directory was empty when it was let in again.</summary>
    [Fact]
    public void A_node_that_was_let_in_again_may()
    {
        var marks = MarksOf(Both, Founders, Both);
        Assert.NotNull(marks[1]);
        Assert.Null(marks[2]);
    }

    /// <summary>
    /// Let in, taken out and let in again before it heard of anything, it is told of all three: were its end between
    /// the second and the third, a note that it must not start would keep a member away.
    /// </summary>
    [Fact]
    public void A_node_that_recovers_notes_its_removal_when_it_knows_how_far_the_past_goes()
    {
        var (replica, background) = Told("let in with an empty directory", [Both, Founders]);
        Assert.All(background.Marks, Assert.Null);

        Recover(replica, background, new LogIndex(3));

        Assert.Contains("removed from the cluster by entry 2", background.Marks[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_recovered_as_a_member_may_start_again()
    {
        var (replica, background) = Told("let in with an empty directory", [Both, Founders, Both]);

        Recover(replica, background, new LogIndex(4));

        Assert.All(background.Marks, Assert.Null);
    }

    private static List<string?> MarksOf(params Member[][] memberships) => Told(null, memberships).Background.Marks;

    private static (Coord.Node.Replica.Replica Replica, RecordingBackground Background) Told(
        string? recoveringBecause, Member[][] memberships)
    {
        var entries = memberships.Select((members, position) => new Entry(
            new Term(1), new LogIndex(position + 1), EntryKind.Membership, MembershipOf(members).Encode())).ToArray();
        var background = new RecordingBackground();
        var replica = new Coord.Node.Replica.Replica(
            new ReplicaServices
            {
                Time = TimeProvider.System,
                Limits = NodeLimits.Default,
                RaftSettings = new RaftSettings(),
                Log = background,
                Links = new NoLinks(),
                Background = background,
                Sends = new NoSends(),
                NewPassword = () => new byte[16],
                Publish = _ => { },
            },
            new ReplicaStart
            {
                Tree = Founding.TreeOf(Founders, 1),
                ProcessStart = 1,
                Incarnation = 22,
                RecoveringBecause = recoveringBecause,
                Raft = new RaftStart
                {
                    Id = new NodeId(2),
                    Membership = Founding.MembershipOf(Founders),
                    MembershipEntries = entries,
                    Entries = entries,
                    LastIndex = entries[^1].Index,
                    HardState = new HardState(new Term(1), VotedFor: null),
                    Seed = 1,
                    IsRecovering = recoveringBecause is not null,
                    ProcessStart = 1,
                },
            });
        replica.RunTurn([new FromPeer(
            new NodeId(1), 1, new RaftPeerMessage(new Heartbeat(new Term(1), entries[^1].Index, BarrierRound: 0)))]);
        return (replica, background);
    }

    // The leader makes a recovery point, and it is committed and durable.
    private static void Recover(
        Coord.Node.Replica.Replica replica, RecordingBackground background, LogIndex index)
    {
        var term = new Term(1);
        byte[] nodeAndStart = [2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
        var point = new Entry(term, index, EntryKind.RecoveryPoint, nodeAndStart);
        var append = new AppendRequest(term, new LogIndex(index.Value - 1), term, index, BarrierRound: 0, [point]);
        replica.RunTurn([new FromPeer(new NodeId(1), 1, new RaftPeerMessage(append))]);
        while (!background.HasClearedRecovering)
            replica.RunTurn([new LogPersisted(background.LastAppend)]);

        replica.RunTurn([new RecoveryCleared()]);
    }

    private static Membership MembershipOf(Member[] members) => new()
    {
        Voters = [new NodeId(1)],
        Learners = [.. members.Skip(1).Select(member => member.Id)],
        Directory = new MemberDirectory(members).Encode(),
    };

    private sealed class RecordingBackground : IReplicaLog, IReplicaBackground
    {
        public List<string?> Marks { get; } = [];

        public long LastAppend { get; private set; }

        public bool HasClearedRecovering { get; private set; }

        public TimeSpan OldestUnflushed => TimeSpan.Zero;

        public bool IsDiskFull => false;

        public long BytesAppended => 0;

        public int SnapshotPartsWaiting => 0;

        public void MarkRemoved(string? why) => Marks.Add(why);

        public void Append(LogAppend append) => LastAppend = append.Sequence;

        public void MarkSnapshot(LogIndex index, Term term, bool isReset) => throw Unexpected();

        public void ReadEntries(FetchEntries request) => throw Unexpected();

        public void WriteSnapshot(SnapshotId snapshot, ReadOnlyMemory<byte> part, bool isLast) => throw Unexpected();

        public void LoadSnapshot(InstallSnapshot install) => throw Unexpected();

        public void ReleaseOlder(SnapshotId snapshot) => throw Unexpected();

        public void ClearRecovering() => HasClearedRecovering = true;

        private static InvalidOperationException Unexpected() => new("Three entries need none of this.");
    }
}
