namespace Coord.Raft.Tests;

/// <summary>What a node does about levels that it cannot follow (raft-design I6, I7).</summary>
public sealed class FeatureLevelTests
{
    // Raft-design I7: an old build that skipped the entry would apply the next ones in the old way, and diverge.
    [Theory]
    [InlineData("03000000")]
    [InlineData("00000000")]
    [InlineData("020000")]
    [InlineData("")]
    public void A_level_that_this_build_does_not_know_stops_the_node(string payload)
    {
        var node = new ScenarioCluster(3)[2];
        var raise = new Entry(
            new Term(1), new LogIndex(1), EntryKind.FeatureLevel, Convert.FromHexString(payload));
        Assert.Throws<InvariantViolatedException>(() => node.Receive(
            new NodeId(1), new AppendRequest(new Term(1), default, default, default, 0, [raise])));
    }

    // Raft-design I6: no downgrade below the level that the disk has seen.
    [Fact]
    public void A_disk_of_a_higher_level_does_not_start_under_an_older_build()
    {
        var start = new RaftStart
        {
            Id = new NodeId(1),
            Membership = Membership.OfVoters([new NodeId(1)]),
            Seed = 1,
            FeatureLevel = 3,
        };
        Assert.Throws<InvariantViolatedException>(() => new RaftCore(new RaftSettings { FeatureLevelMax = 2 }, start));
        Assert.Equal(3, new RaftCore(new RaftSettings { FeatureLevelMax = 3 }, start).Status.FeatureLevel);
    }

    // The bytes are on disks and wires (raft-design I8).
    [Fact]
    public void A_level_is_four_bytes()
    {
        Assert.Equal("02000000", Convert.ToHexString(FeatureLevelCodec.Encode(2)));
        Assert.True(FeatureLevelCodec.TryDecode([2, 0, 0, 0], out var level));
        Assert.Equal(2, level);
    }
}
