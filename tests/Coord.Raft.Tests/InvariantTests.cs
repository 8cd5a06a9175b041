namespace Coord.Raft.Tests;

/// <summary>Inputs that only a broken cluster can give: the node stops rather than diverge (raft-design K6).</summary>
public sealed class InvariantTests
{
    // Raft-design R4; NuRaft#185, CCF#5674 rolled committed entries back.
    [Fact]
    public void A_conflict_with_a_committed_entry_stops_the_node()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Stabilize();
        var other = new Entry(new Term(2), new LogIndex(2), EntryKind.Command, default);
        Assert.Throws<InvariantViolatedException>(() => cluster[2].Receive(
            new NodeId(3),
            new AppendRequest(new Term(2), new LogIndex(2), new Term(1), default, 0, [other])));
    }

    // Raft-design E12; NuRaft#531 went on with two leaders in a term.
    [Fact]
    public void Two_leaders_in_one_term_stop_the_node()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Elect(1);
        Assert.Throws<InvariantViolatedException>(() =>
            cluster[2].Receive(new NodeId(3), new Heartbeat(new Term(1), default, 0)));
    }

    // Raft-design R8.
    [Fact]
    public void An_acknowledgement_of_more_than_the_leader_has_stops_it()
    {
        var leader = new ScenarioCluster(3).Elect(1);
        Assert.Throws<InvariantViolatedException>(() => leader.Receive(
            new NodeId(2),
            new AppendResponse(new Term(1), Accepted: true, new LogIndex(99), default, default, 0)));
    }

    // A node whose disk lost what it had acknowledged must not go on as if nothing had happened.
    [Fact]
    public void A_leader_that_knows_more_of_the_log_than_it_holds_stops_the_node()
    {
        var node = new ScenarioCluster(3)[2];
        Assert.Throws<InvariantViolatedException>(() =>
            node.Receive(new NodeId(1), new Heartbeat(new Term(1), new LogIndex(7), 0)));
    }

    // Raft-design C7: what was not handed out cannot have been applied.
    [Fact]
    public void An_applied_index_from_nowhere_stops_the_node()
    {
        var node = new ScenarioCluster(3)[2];
        Assert.Throws<InvariantViolatedException>(() => node.Step(new Applied(new LogIndex(1))));
    }

    // Raft-design M12, thesis 4.1: the sender may know a newer membership, in which it leads.
    [Fact]
    public void A_leader_outside_the_own_membership_is_followed()
    {
        var cluster = new ScenarioCluster(3);
        cluster[1].Receive(new NodeId(9), new Heartbeat(new Term(8), default, 0));
        cluster.Turn(cluster[1]);
        Assert.Equal(new NodeId(9), cluster[1].Core.Leader);
        Assert.Contains(cluster.Network, packet => packet is { To.Value: 9, Message: HeartbeatResponse });
    }

    [Fact]
    public void A_start_that_contradicts_itself_is_refused()
    {
        var voters = new[] { new NodeId(1), new NodeId(2), new NodeId(3) };
        var start = new RaftStart { Id = new NodeId(1), Membership = Membership.OfVoters(voters), Seed = 1 };
        var settings = new RaftSettings();
        var gap = start with { LastIndex = new LogIndex(5) };
        Assert.Throws<InvariantViolatedException>(() => new RaftCore(settings, gap));
        var early = start with { Membership = Membership.OfVoters(voters) with { Index = new LogIndex(1) } };
        Assert.Throws<InvariantViolatedException>(() => new RaftCore(settings, early));
        Assert.Throws<ArgumentException>(() => new RaftCore(settings with { ElectionTicks = 10 }, start));
    }

    // Raft-design K3, R20: one long payload is refused alone, its neighbours are taken.
    [Fact]
    public void A_payload_over_the_limit_is_refused_alone()
    {
        var cluster = new ScenarioCluster(3, new RaftSettings { EntryBytesMax = 10 });
        var leader = cluster.Elect(1);
        leader.Step(new Propose([new byte[1], new byte[11], new byte[2]], 50));
        cluster.Turn(leader);
        Assert.Equal([new Rejection(51, 1, RejectReason.TooLarge, leader.Id)], leader.Rejections);
        Assert.Equal(new LogIndex(3), leader.LastIndex);
    }
}
