using System.Diagnostics;
using System.Net;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// Who takes part in a cluster, and orders to change it. An order is given again until the leader's own view shows it
/// done: leaders change, answers are lost, and an order is refused while another change or a fault is under way.
/// </summary>
internal sealed class Membership(LocalCluster cluster)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The view of the leader that a majority follows, or null when there is none at the moment.</summary>
    public async Task<RaftView?> ViewAsync()
    {
        var views = await Task.WhenAll(cluster.AdminNodes.Select(ViewOfAsync));
        var known = views.OfType<RaftView>().ToArray();

        // A node that came later may lead: any member knows its address.
        var guests = known.SelectMany(view => view.Members).Where(member => member.Key > cluster.Nodes.Count)
            .Select(member => member.Value.Admin).Distinct();
        var further = await Task.WhenAll(guests.Select(ViewOfAsync));
        known = [.. known, .. further.OfType<RaftView>()];
        return known.FirstOrDefault(view => view.Leader == view.Id &&
            known.Count(other => other.Term == view.Term && other.Leader == view.Id) > view.Voters.Count / 2);
    }

    /// <summary>Lets a node in that waits to be.</summary>
    public Task AddAsync(int node) => OrderAsync("add", node, view => view.Counts(node));

    public Task RemoveAsync(int node) => OrderAsync("remove", node, view => view.LacksWholly(node));

    /// <summary>Lets a member in again that has lost its data.</summary>
    public async Task ReplaceAsync(int node)
    {
        var before = (await UntilAsync(view => view.Members.ContainsKey(node))).Members[node].Incarnation;
        await OrderAsync(
            "replace", node, view => view.Counts(node) && view.Members[node].Incarnation != before);
    }

    /// <summary>Hands leadership to a node; whoever leads by then need not be it.</summary>
    public async Task TransferAsync(int node)
    {
        if (await ViewAsync() is { } view && LeaderOf(view) is { } leader)
            await PostAsync(leader, $"transfer?to={node}");
    }

    private async Task OrderAsync(string order, int node, Func<RaftView, bool> isDone)
    {
        var clock = Stopwatch.StartNew();
        for (var said = ""; ; await Task.Delay(PollInterval))
        {
            var view = await ViewAsync();
            if (view is not null && isDone(view))
                return;
            if (clock.Elapsed > Patience)
                throw new NotServingException($"{order} {node} is not done after {Patience.TotalSeconds} s: {said}");

            // What is under way goes on by itself: a joint change ends, a learner catches up.
            if (view is { IsJoint: false } && !view.Learners.Contains(node) && LeaderOf(view) is { } leader)
                said = (await PostAsync(leader, $"members/{order}?id={node}")).Text;
        }
    }

    private async Task<RaftView> UntilAsync(Func<RaftView, bool> holds)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (await ViewAsync() is { } view && holds(view))
                return view;
            if (clock.Elapsed > Patience)
                throw new NotServingException($"no leader says so after {Patience.TotalSeconds} s");
            await Task.Delay(PollInterval);
        }
    }

    private static Task<(HttpStatusCode? Status, string Text)> PostAsync(IPEndPoint admin, string order) =>
        AdminPort.PostAsync(admin, order, "", CancellationToken.None);

    private static IPEndPoint? LeaderOf(RaftView view) =>
        view.Members.TryGetValue(view.Id, out var member) ? member.Admin : null;

    private static Task<RaftView?> ViewOfAsync(IPEndPoint admin) => AdminPort.RaftAsync(admin, CancellationToken.None);
}
