namespace Coord.Raft.Tests;

/// <summary>In memory is what somebody waits for, and a little more (raft-design K4, R21).</summary>
public sealed class LogWindowTests
{
    private const int Spare = 200;
    private const int Entries = 20;
    private static readonly string[] Payloads = [.. Enumerable.Range(0, Entries).Select(i => $"{i}")];

    [Fact]
    public void What_every_node_has_leaves_the_memory_of_all()
    {
        var cluster = Elected(new RaftSettings { LogWindowSpareBytes = Spare });

        cluster.Propose(1, Payloads);
        cluster.Stabilize();

        Assert.All(cluster.Nodes, node => Assert.InRange(Window(node).Bytes, 1, Spare));
        Assert.All(cluster.Nodes, node => Assert.Equal(node.Core.State.Log.LastIndex, Window(node).LastIndex));
    }

    [Fact]
    public void What_a_slow_peer_lacks_stays_in_the_memory_of_the_leader_alone()
    {
        var cluster = Elected(new RaftSettings { LogWindowSpareBytes = Spare });

        cluster.Cut(cluster[1].Id, cluster[3].Id);
        cluster.Propose(1, Payloads);
        cluster.Stabilize();

        var lacking = cluster[3].Core.State.Log.LastIndex.Next;
        Assert.True(Window(cluster[1]).Contains(lacking));
        Assert.False(Window(cluster[2]).Contains(lacking));
    }

    [Fact]
    public void For_a_slow_peer_no_more_is_kept_than_the_window_holds()
    {
        var cluster = Elected(new RaftSettings { LogWindowSpareBytes = Spare, LogWindowBytesMax = 2 * Spare });

        cluster.Cut(cluster[1].Id, cluster[3].Id);
        cluster.Propose(1, Payloads);
        cluster.Stabilize();

        Assert.InRange(Window(cluster[1]).Bytes, Spare, 2 * Spare);
    }

    // Nothing is sent to it as it comes: what it lacks is read from disk when it is back.
    [Fact]
    public void For_a_peer_that_cannot_be_reached_nothing_is_kept()
    {
        var cluster = Elected(new RaftSettings { LogWindowSpareBytes = Spare });

        cluster.Partition([1, 2], [3]);
        cluster[1].Step(new PeerUnreachable(cluster[3].Id));
        cluster.Propose(1, Payloads);
        cluster.Stabilize();
        Assert.InRange(Window(cluster[1]).Bytes, 1, Spare);

        cluster.Heal();
        cluster.Ticks(cluster.Settings.HeartbeatTicks);
        cluster.Stabilize();
        Assert.All(cluster.Nodes, node => Assert.Equal(node.Core.State.Log.LastIndex, node.Core.Status.Applied));
    }

    private static LogWindow Window(TestNode node) => node.Core.State.Log.Window;

    private static ScenarioCluster Elected(RaftSettings settings)
    {
        var cluster = new ScenarioCluster(3, settings);
        cluster.Elect(1);
        return cluster;
    }
}
