using FlashSale.Selling;

namespace FlashSale.Running;

/// <summary>
/// Kills the leader every few seconds and starts it again. The next kill waits until every seller has sold and all
/// nodes are back: the drill shows failovers, not the loss of a quorum.
/// </summary>
internal sealed class FailoverDrill(LocalCluster cluster, SaleProgress progress, Journal journal, SaleOptions options)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan DownFor = TimeSpan.FromSeconds(1);

    private int _failovers;

    /// <summary>Enough leaders were killed, and every seller sold after the last of them.</summary>
    public bool IsEnough => Volatile.Read(ref _failovers) >= options.FailoversMin
        && progress.EverySellerSoldSinceFailover();

    /// <summary>Runs until cancelled, which it is when the last unit is sold.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                await WatchRolesAsync(options.KillEvery - DownFor, ct);
                await UntilAsync(roles => IsWhole(roles) && progress.EverySellerSoldSinceFailover(), ct);
                await KillLeaderAsync(ct);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The sale is over: a node that is down stays down until the cluster stops.
        }
    }

    private async Task KillLeaderAsync(CancellationToken ct)
    {
        var roles = await AskAllAsync(ct);
        var leader = Array.IndexOf(roles, NodeRole.Leader);
        if (leader < 0)
            return;

        var node = cluster.Nodes[leader];
        await cluster.KillAsync(node, ct);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        journal.Append(new JournalLine.Failover(now, node.Id));
        progress.NoteFailover(node.Id, now);
        Volatile.Write(ref _failovers, _failovers + 1);
        await WatchRolesAsync(DownFor, ct);
        await cluster.RestartAsync(node, ct);
    }

    private async Task UntilAsync(Func<NodeRole[], bool> condition, CancellationToken ct)
    {
        while (!condition(await AskAllAsync(ct)))
            await Task.Delay(Look, ct);
    }

    private async Task WatchRolesAsync(TimeSpan duration, CancellationToken ct)
    {
        var start = TimeProvider.System.GetTimestamp();
        do
        {
            await AskAllAsync(ct);
            await Task.Delay(Look, ct);
        }
        while (TimeProvider.System.GetElapsedTime(start) < duration);
    }

    private async Task<NodeRole[]> AskAllAsync(CancellationToken ct)
    {
        var roles = await Task.WhenAll(cluster.Nodes.Select(n => n.AskRoleAsync(ct)));
        progress.SetRoles(roles);
        return roles;
    }

    private static bool IsWhole(NodeRole[] roles) =>
        roles.Count(r => r == NodeRole.Leader) == 1 && roles.Count(r => r == NodeRole.Follower) == roles.Length - 1;
}
