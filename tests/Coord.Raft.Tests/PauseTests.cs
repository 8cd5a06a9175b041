namespace Coord.Raft.Tests;

/// <summary>What long gaps and ended processes mean for time (raft-design E14, E16, E18).</summary>
public sealed class PauseTests
{
    private static readonly RaftSettings Settings = new();

    // Raft-design E14: a stalled process is no evidence against the leader, however long it stood still.
    [Fact]
    public void A_follower_that_was_paused_does_not_campaign_at_once()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Elect(1);
        cluster[2].Step(new Tick(100 * Settings.ElectionTicks));
        Assert.Equal(RaftRole.Follower, cluster[2].Core.Role);
        Assert.Equal(new NodeId(1), cluster[2].Core.Leader);
    }

    // BE16: what a leader heard before its pause proves nothing after it.
    [Fact]
    public void A_leader_that_was_paused_needs_a_new_quorum()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        cluster.Ticks(Settings.HeartbeatTicks);
        cluster.Partition([1], [2, 3]);
        leader.Step(new Tick(10 * Settings.ElectionTicks));
        Assert.Equal(RaftRole.Leader, leader.Core.Role);
        for (var i = 0; i < Settings.ElectionTicks; i++)
            leader.Step(new Tick(1));
        Assert.Equal(RaftRole.Follower, leader.Core.Role);
    }

    // BE16: a barrier that was asked for before the pause passes only by echoes of its own round.
    [Fact]
    public void A_barrier_after_a_pause_waits_for_echoes()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        leader.Step(new Tick(10 * Settings.ElectionTicks));
        leader.Step(new ReadBarrier(1));
        cluster.Turn(leader);
        Assert.Empty(leader.ReadStates);
        cluster.Stabilize();
        Assert.Single(leader.ReadStates);
    }

    // Raft-design E18: followers that know of the leader's end elect another within a few heartbeats.
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void A_leader_known_to_be_gone_is_replaced_within_three_heartbeats(int nodes)
    {
        var cluster = new ScenarioCluster(nodes);
        cluster.Elect(1);
        cluster.Crash(cluster[1]);
        foreach (var node in cluster.Nodes.Where(node => node.IsUp))
            node.Step(new PeerGone(new NodeId(1)));
        cluster.Ticks(3 * Settings.HeartbeatTicks);
        Assert.Single(cluster.Nodes, node => node.IsUp && node.Core.Role == RaftRole.Leader);
    }

    // Raft-design E18: pre-vote stays; whoever still hears the leader refuses.
    [Fact]
    public void One_nodes_belief_that_the_leader_is_gone_does_not_unseat_it()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Elect(1);
        cluster.Partition([1], [2]);
        cluster[2].Step(new PeerGone(new NodeId(1)));
        cluster.Ticks(3 * Settings.HeartbeatTicks);
        Assert.Equal(RaftRole.Leader, cluster[1].Core.Role);
        Assert.Equal(new Term(1), cluster[2].Core.Term);
    }

    // Raft-design E18: where leases are allowed, a firewall's reset must not look like an ended process.
    [Fact]
    public void Without_trust_a_gone_leader_is_waited_for()
    {
        var cluster = new ScenarioCluster(3, new RaftSettings { TrustPeerGone = false });
        cluster.Elect(1);
        cluster[2].Step(new PeerGone(new NodeId(1)));
        Assert.Equal(new NodeId(1), cluster[2].Core.Leader);
    }

    // Raft-design E18: after a start of all, nobody knows a leader, and nobody waits for T.
    [Fact]
    public void A_started_cluster_elects_as_soon_as_a_quorum_is_linked()
    {
        var cluster = new ScenarioCluster(3);
        foreach (var node in cluster.Nodes)
        {
            foreach (var peer in cluster.Voters.Where(peer => peer != node.Id))
                node.Step(new PeerConnected(peer, 1, null));
        }

        cluster.Ticks(3 * Settings.HeartbeatTicks);
        Assert.Single(cluster.Nodes, node => node.Core.Role == RaftRole.Leader);
    }

    // Raft-design E18: a node that joins a cluster with a leader does not hurry.
    [Fact]
    public void A_started_node_waits_when_a_peer_knows_a_leader()
    {
        var cluster = new ScenarioCluster(3);
        var node = cluster[3];
        node.Step(new PeerConnected(new NodeId(1), 1, new NodeId(1)));
        node.Step(new PeerConnected(new NodeId(2), 1, new NodeId(1)));
        node.Step(new Tick(Settings.HeartbeatTicks));
        node.Step(new Tick(Settings.HeartbeatTicks));
        Assert.Equal(RaftRole.Follower, node.Core.Role);
    }

    // BO1, raft-design E16: a leader that tried to hand over in vain does not stay in office with a dead disk.
    [Fact]
    public void A_leader_with_a_late_disk_steps_down_if_handing_over_fails()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        leader.Step(new DiskLate(2 * Settings.ElectionTicks));
        Assert.NotNull(leader.Core.Status.TransferringTo);
        cluster.Turn(leader);
        cluster.Drop(packet => packet.Message is TimeoutNow);
        cluster.Ticks(Settings.ElectionTicks);
        Assert.Equal(RaftRole.Leader, leader.Core.Role);
        leader.Step(new DiskLate(3 * Settings.ElectionTicks));
        Assert.Equal(RaftRole.Follower, leader.Core.Role);
    }

    // Raft-design E16: a late disk keeps a node from campaigning until it answers.
    [Fact]
    public void A_node_with_a_late_disk_does_not_campaign()
    {
        var cluster = new ScenarioCluster(3);
        cluster[1].Step(new DiskLate(2 * Settings.ElectionTicks));
        cluster.Campaign(1);
        Assert.Equal(RaftRole.Follower, cluster[1].Core.Role);
        cluster[1].Step(new DiskLate(0));
        cluster.Campaign(1);
        Assert.Equal(RaftRole.PreCandidate, cluster[1].Core.Role);
    }
}
