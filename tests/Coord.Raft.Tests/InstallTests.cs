namespace Coord.Raft.Tests;

/// <summary>Installing a received snapshot, and what must not happen meanwhile (raft-design S8 to S11).</summary>
public sealed class InstallTests
{
    // BS1, etcd#18055: two installs at once mix state.
    [Fact]
    public void A_second_snapshot_waits_for_the_first()
    {
        var follower = Installing(out var cluster);
        follower.Step(new SnapshotReceived(new NodeId(1), new Term(1), new LogIndex(20), new Term(1)));
        Assert.Null(cluster.Turn(follower).InstallSnapshot);
    }

    // BS3, openraft eed681d5: entries that arrive while installing would be dropped with the old log after having been
    // acknowledged.
    [Fact]
    public void Entries_are_not_accepted_while_installing()
    {
        var follower = Installing(out var cluster);
        var entry = new Entry(new Term(1), new LogIndex(1), EntryKind.Command, default);
        follower.Receive(new NodeId(1), new AppendRequest(new Term(1), default, default, new LogIndex(1), 0, [entry]));
        var ready = cluster.Turn(follower);
        Assert.Null(ready.Append);
        Assert.Empty(ready.Committed);
        Assert.DoesNotContain(cluster.Network, packet => packet.Message is AppendResponse);
    }

    // Raft-design S11: it answers heartbeats and votes by the log it has, but does not campaign.
    [Fact]
    public void While_installing_a_node_votes_and_answers_but_does_not_campaign()
    {
        var follower = Installing(out var cluster);
        follower.Receive(new NodeId(1), new Heartbeat(new Term(1), new LogIndex(5), 0));
        cluster.Turn(follower);
        Assert.Contains(cluster.Network, packet => packet.Message is HeartbeatResponse);
        cluster.Campaign(2);
        Assert.Equal(RaftRole.Follower, follower.Core.Role);
        follower.Receive(
            new NodeId(3),
            new VoteRequest(new Term(2), new LogIndex(9), new Term(1), PreVote: false, Transfer: true));
        cluster.Turn(follower);
        cluster.Persist(follower);
        Assert.Contains(cluster.Network, packet => packet.Message is VoteResponse { Granted: true });
    }

    // Raft-design S10: the acceptance after the install names the snapshot's index.
    [Fact]
    public void After_installing_the_leader_hears_an_ordinary_acceptance()
    {
        var follower = Installing(out var cluster);
        var membership = Membership.OfVoters(cluster.Voters);
        follower.Step(new SnapshotInstalled(new LogIndex(10), new Term(1), Success: true, membership, FeatureLevel: 1));
        cluster.Turn(follower);
        cluster.Persist(follower);
        Assert.Contains(cluster.Network, IsAcceptanceOfTheSnapshot);
        Assert.Equal(new LogIndex(10), follower.Core.Commit);
        Assert.Equal(new LogIndex(10), follower.LastIndex);
    }

    // A failed install changes nothing: the old log goes on.
    [Fact]
    public void A_failed_install_leaves_the_log_as_it_was()
    {
        var follower = Installing(out var cluster);
        follower.Step(new SnapshotInstalled(
            new LogIndex(10), new Term(1), Success: false, Membership: null, FeatureLevel: 0));
        var entry = new Entry(new Term(1), new LogIndex(1), EntryKind.Command, default);
        follower.Receive(new NodeId(1), new AppendRequest(new Term(1), default, default, default, 0, [entry]));
        Assert.NotNull(cluster.Turn(follower).Append);
    }

    // Raft-design S8: a snapshot offered in an older term is refused with the own term.
    [Fact]
    public void A_snapshot_of_an_older_leader_is_refused()
    {
        var cluster = new ScenarioCluster(3);
        var follower = cluster.Given(2, term: 5, votedFor: null);
        follower.Step(new SnapshotReceived(new NodeId(1), new Term(4), new LogIndex(10), new Term(1)));
        Assert.Null(cluster.Turn(follower).InstallSnapshot);
        Assert.Contains(cluster.Network, packet => packet.Message is AppendResponse { Accepted: false, Term.Value: 5 });
    }

    // An entry older than the snapshot, still on its way from before, is answered with the commit index.
    [Fact]
    public void Appends_from_before_the_snapshot_are_answered_with_the_commit_index()
    {
        var follower = Installing(out var cluster);
        var membership = Membership.OfVoters(cluster.Voters);
        follower.Step(new SnapshotInstalled(new LogIndex(10), new Term(1), Success: true, membership, FeatureLevel: 1));
        cluster.Turn(follower);
        cluster.Persist(follower);
        cluster.Drop(_ => true);
        var entry = new Entry(new Term(1), new LogIndex(3), EntryKind.Command, default);
        follower.Receive(
            new NodeId(1),
            new AppendRequest(new Term(1), new LogIndex(2), new Term(1), default, 0, [entry]));
        cluster.Turn(follower);
        Assert.Contains(cluster.Network, IsAcceptanceOfTheSnapshot);
    }

    // BS2: what a snapshot does not hold yet is never compacted away.
    [Fact]
    public void Compacting_beyond_the_snapshot_stops_the_node()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        Assert.Throws<InvariantViolatedException>(() => leader.Step(new LogCompacted(new LogIndex(2))));
    }

    private static bool IsAcceptanceOfTheSnapshot(TestPacket packet) =>
        packet.Message is AppendResponse { Accepted: true, Index.Value: 10 };

    private static TestNode Installing(out ScenarioCluster cluster)
    {
        cluster = new ScenarioCluster(3);
        var follower = cluster[2];
        follower.Step(new SnapshotReceived(new NodeId(1), new Term(1), new LogIndex(10), new Term(1)));
        Assert.NotNull(cluster.Turn(follower).InstallSnapshot);
        cluster.Persist(follower);
        return follower;
    }
}
