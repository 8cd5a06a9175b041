using Coord.Interop.Clients;

namespace Coord.Interop;

/// <summary>ZooKeeper's C client, with threads (Debian package libzookeeper-mt-dev) and without, unchanged.</summary>
[Collection(InteropCollection.Name)]
public sealed class CClientTests(InteropCluster cluster, CPrograms programs) : IClassFixture<CPrograms>
{
    [Theory]
    [MemberData(nameof(Scenarios.All), MemberType = typeof(Scenarios))]
    public Task Scenario(string name) => PlayAsync(programs.MultiThreaded(InteropCluster.Scripts), name, $"/c_{name}");

    [Theory]
    [MemberData(nameof(Scenarios.All), MemberType = typeof(Scenarios))]
    public Task Scenario_single_threaded(string name) =>
        PlayAsync(programs.SingleThreaded(InteropCluster.Scripts), name, $"/c_single_{name}");

    private async Task PlayAsync(string program, string name, string root)
    {
        using var client = new ClientProcess(program, InteropCluster.Hosts, name, root);
        await Scenarios.PlayAsync(cluster, client);
    }
}
