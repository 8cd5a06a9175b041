using Coord.JepsenLike.Faults.Disks;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Faults;

/// <summary>A cluster as a fault finds it. Nodes are counted from 1.</summary>
internal sealed class FaultScene
{
    private readonly int[] others;

    public FaultScene(LocalCluster cluster, Random random, int leader)
    {
        (Cluster, Random, Leader) = (cluster, random, leader);
        All = [.. Enumerable.Range(1, cluster.Nodes.Count)];
        others = [.. All.Where(node => node != leader)];
        Follower = others.Length == 0 ? leader : others[random.Next(others.Length)];
        var survivor = All[random.Next(All.Length)];
        AllButOne = [.. All.Where(node => node != survivor)];
    }

    public LocalCluster Cluster { get; }

    /// <summary>Everything that a fault leaves to chance.</summary>
    public Random Random { get; }

    public int Leader { get; }

    /// <summary>One of the nodes that do not lead.</summary>
    public int Follower { get; }

    public int[] All { get; }

    public IReadOnlyList<int> Others => others;

    /// <summary>More than a minority, for any number of nodes but one.</summary>
    public int[] AllButOne { get; }

    /// <summary>As many as may be lost, drawn anew at each call; none in a cluster of two.</summary>
    public int[] Minority()
    {
        var nodes = All.ToArray();
        Random.Shuffle(nodes);
        return nodes[..((All.Length - 1) / 2)];
    }

    public DiskShim Disks => Cluster.Disks ?? throw new InvalidOperationException("no disk shim");

    public PeerNetwork Network => Cluster.Network ?? throw new InvalidOperationException("no proxies");

    public PacketFilter Packets => Cluster.Packets ?? throw new InvalidOperationException("no namespaces");

    public IReadOnlyList<Place> Nodes => [.. All.Select(Place.Node)];

    /// <summary>Every group of clients.</summary>
    public IReadOnlyList<Place> Clients =>
        [.. Enumerable.Range(1, NamespaceNetwork.ClientGroups).Select(Place.Clients)];

    public Place LeaderPlace => Place.Node(Leader);

    public Place FollowerPlace => Place.Node(Follower);

    /// <summary>All nodes, this one first, the others in an order left to chance.</summary>
    public IReadOnlyList<Place> NodesAfter(int first)
    {
        var rest = All.Where(node => node != first).ToArray();
        Random.Shuffle(rest);
        return [Place.Node(first), .. rest.Select(Place.Node)];
    }

    /// <summary>What the fault tells of itself when it is over, such as how much it did.</summary>
    public string Note { get; set; } = "";

    /// <summary>Waits a time between the two, in milliseconds, or until it is time to stop.</summary>
    public Task CalmAsync(int least, int most, CancellationToken stop) =>
        CalmAsync(TimeSpan.FromMilliseconds(Random.Next(least, most)), stop);

    public static Task CalmAsync(TimeSpan time, CancellationToken stop) => NapAsync(time, stop);

    private static async Task NapAsync(TimeSpan time, CancellationToken stop) =>
        await Task.Delay(time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
