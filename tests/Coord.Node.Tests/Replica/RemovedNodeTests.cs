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

    private static List<string?> MarksOf(params Member[][] memberships)
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
                NewPassword = () => new byte[16],
                Publish = _ => { },
            },
            new ReplicaStart
            {
                Tree = Founding.TreeOf(Founders, 1),
                ProcessStart = 1,
                Incarnation = 22,
                Raft = new RaftStart
                {
                    Id = new NodeId(2),
                    Membership = Founding.MembershipOf(Founders),
                    MembershipEntries = entries,
                    Entries = entries,
                    LastIndex = entries[^1].Index,
                    HardState = new HardState(new Term(1), VotedFor: null),
                    Seed = 1,
                },
            });
        replica.RunTurn([new FromPeer(
            new NodeId(1), 1, new RaftPeerMessage(new Heartbeat(new Term(1), entries[^1].Index, BarrierRound: 0)))]);
        return background.Marks;
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

        public TimeSpan OldestUnflushed => TimeSpan.Zero;

        public bool IsDiskFull => false;

        public long BytesAppended => 0;

        public int SnapshotPartsWaiting => 0;

        public void MarkRemoved(string? why) => Marks.Add(why);

        public void Append(LogAppend append)
        {
            // Never durable, which nothing here waits for.
        }

        public void MarkSnapshot(LogIndex index, Term term, bool isReset) => throw Unexpected();

        public void ReadEntries(FetchEntries request) => throw Unexpected();

        public void WriteSnapshot(SnapshotId snapshot, ReadOnlyMemory<byte> part, bool isLast) => throw Unexpected();

        public void LoadSnapshot(InstallSnapshot install) => throw Unexpected();

        public void ReleaseOlder(SnapshotId snapshot) => throw Unexpected();

        public void ClearRecovering() => throw Unexpected();

        private static InvalidOperationException Unexpected() => new("Three entries need none of this.");
    }
}
