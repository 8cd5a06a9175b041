using Coord.Interop.Clients;

namespace Coord.Interop;

/// <summary>kazoo, the Python client (Debian package python3-kazoo), unchanged.</summary>
[Collection(InteropCollection.Name)]
public sealed class KazooTests(InteropCluster cluster)
{
    [Theory]
    [MemberData(nameof(Scenarios.All), MemberType = typeof(Scenarios))]
    public Task Scenario(string name) => Kazoo.PlayAsync(cluster, "kazoo_client", name);

    /// <summary>zookeeper-protocol 11: a node joins, first as an observer, then votes, and leaves.</summary>
    [Fact]
    public async Task Reconfig()
    {
        Assert.SkipUnless(cluster.IsCoord, "needs a launcher that starts nodes which wait to be let in");
        await Kazoo.PlayAsync(cluster, "kazoo_client", "reconfig");
    }
}
