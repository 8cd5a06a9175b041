using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>Members that come and go, and a session that does not notice.</summary>
[Collection(ClusterCollection.Name)]
public sealed class MemberFaultTests
{
    // The leader leaves for a fourth node and comes back in its place; then a disk is replaced, and two nodes visit.
    [Fact(Timeout = 240_000)]
    public async Task After_each_change_the_members_are_those_of_before_with_new_data_where_a_disk_was_lost()
    {
        await using var faults = await ClusterFaults.StartAsync(ClusterNeeds.SuperUser);
        var membership = new Membership(faults.Cluster);
        foreach (var (name, renewed) in new[] { ("exchange-leader", 1), ("replace-disk-follower", 1), ("add-two", 0) })
        {
            var before = Incarnations(await membership.ViewAsync());
            await faults.RunAsync(name);
            var after = Incarnations(await membership.ViewAsync());
            Assert.Equal([1, 2, 3], after.Keys.Order());
            Assert.Equal(renewed, after.Count(member => before[member.Key] != member.Value));
        }

        Assert.False(Directory.Exists(Path.Combine(faults.Cluster.Directory, "4")));
        Assert.Equal([1, 2, 3, 4, 5], faults.Cluster.Logs(linesMax: 1).Select(log => log.Node));
    }

    private static Dictionary<int, string> Incarnations(RaftView? view)
    {
        Assert.NotNull(view);
        Assert.Equal([1, 2, 3], view.Voters.Order());
        return view.Members.ToDictionary(member => member.Key, member => member.Value.Incarnation);
    }
}
