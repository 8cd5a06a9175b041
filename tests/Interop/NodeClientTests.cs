using Coord.Interop.Clients;

namespace Coord.Interop;

/// <summary>node-zookeeper-client, the Node.js client, from npm and unchanged.</summary>
[Collection(InteropCollection.Name)]
public sealed class NodeClientTests(InteropCluster cluster, NodePackages packages) : IClassFixture<NodePackages>
{
    [Theory]
    [MemberData(nameof(Scenarios.All), MemberType = typeof(Scenarios))]
    [InlineData("lock")]
    [InlineData("watches")]
    [InlineData("auth")]
    public Task Scenario(string name) => PlayAsync(name);

    [Theory]
    [InlineData("lock")]
    [InlineData("watches")]
    [InlineData("auth")]
    public Task Scenario_while_its_node_is_killed(string name) => PlayAsync(name, "killed");

    private async Task PlayAsync(string name, params string[] options)
    {
        var root = $"/node_{string.Join('_', [name, .. options])}";
        using var client = new ClientProcess(
            "node", [packages.In(InteropCluster.Scripts), InteropCluster.Hosts, name, root, .. options]);
        await Scenarios.PlayAsync(cluster, client);
    }
}
