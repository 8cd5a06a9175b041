namespace Coord.JepsenLike.Faults;

/// <summary>
/// Members that come and go under load, by the orders that an operator gives; clients are told of it. After each fault
/// the members are the nodes that the cluster began with. They are faults that take a copy of the data away, and so
/// never happen together with another that does.
/// </summary>
internal static class MemberFaults
{
    private const string Members = "members";

    // With fewer the cluster would not decide anything without the one that is away.
    private const int NodesMin = 3;

    public static IEnumerable<Fault> All { get; } =
    [
        Of("remove-leader", (scene, stop) => RemoveAndReturnAsync(scene, scene.Leader, stop)) with { Weight = 2 },
        Of("remove-follower", (scene, stop) => RemoveAndReturnAsync(scene, scene.Follower, stop)),
        Of("replace-disk-leader", (scene, stop) => ReplaceDiskAsync(scene, scene.Leader, stop)),
        Of("replace-disk-follower", (scene, stop) => ReplaceDiskAsync(scene, scene.Follower, stop)),
        Of("add-one", (scene, stop) => GrowAsync(scene, guests: 1, stop)),
        Of("add-two", (scene, stop) => GrowAsync(scene, guests: 2, stop)),
        Of("exchange-leader", ExchangeAsync),
    ];

    private static Fault Of(string name, Func<FaultScene, CancellationToken, Task> run) =>
        new(Members, name, run) { Needs = ClusterNeeds.SuperUser, TakesCopyAway = true, NodesMin = NodesMin };

    private static async Task RemoveAndReturnAsync(FaultScene scene, int node, CancellationToken stop)
    {
        await RemoveAsync(scene, node);
        await scene.CalmAsync(200, 2_000, stop);
        await ReturnAsync(scene, node);
    }

    /// <summary>The node loses all that it had stored, and comes back as another member of the same number.</summary>
    private static async Task ReplaceDiskAsync(FaultScene scene, int node, CancellationToken stop)
    {
        await scene.Cluster.KillAsync(node);
        await scene.Cluster.WipeAsync(node);
        await scene.CalmAsync(50, 2_000, stop);
        await scene.Cluster.RestartAsync(node);
        await new Membership(scene.Cluster).ReplaceAsync(node);
    }

    /// <summary>Nodes join, one of them leads for a while, and they leave.</summary>
    private static async Task GrowAsync(FaultScene scene, int guests, CancellationToken stop)
    {
        var first = scene.All.Length + 1;
        for (var guest = first; guest < first + guests; guest++)
            await JoinAsync(scene, guest);
        await new Membership(scene.Cluster).TransferAsync(first);
        await scene.CalmAsync(200, 2_000, stop);
        for (var guest = first; guest < first + guests; guest++)
            await LeaveAsync(scene, guest);
    }

    /// <summary>A new node takes the place of the leader, and then the old one that of the new.</summary>
    private static async Task ExchangeAsync(FaultScene scene, CancellationToken stop)
    {
        var guest = scene.All.Length + 1;
        await JoinAsync(scene, guest);
        await RemoveAsync(scene, scene.Leader);
        await scene.CalmAsync(200, 2_000, stop);
        await ReturnAsync(scene, scene.Leader);
        await LeaveAsync(scene, guest);
    }

    private static async Task RemoveAsync(FaultScene scene, int node)
    {
        await new Membership(scene.Cluster).RemoveAsync(node);
        scene.Cluster.Clients.Leave(node);
        await scene.Cluster.EndRemovedAsync(node);
    }

    private static async Task ReturnAsync(FaultScene scene, int node)
    {
        await scene.Cluster.WipeAsync(node);
        await scene.Cluster.RestartAsync(node);
        await new Membership(scene.Cluster).AddAsync(node);
        scene.Cluster.TellOfMember(node);
    }

    private static async Task JoinAsync(FaultScene scene, int guest)
    {
        await scene.Cluster.AddGuestAsync(guest);
        await new Membership(scene.Cluster).AddAsync(guest);
        scene.Cluster.TellOfMember(guest);
    }

    private static async Task LeaveAsync(FaultScene scene, int guest)
    {
        await new Membership(scene.Cluster).RemoveAsync(guest);
        scene.Cluster.Clients.Leave(guest);
        await scene.Cluster.RemoveGuestAsync(guest);
    }
}
