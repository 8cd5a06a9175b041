using System.Diagnostics;
using Coord.Interop.Clients;

namespace Coord.Interop;

/// <summary>kazoo, the Python client (Debian package python3-kazoo), unchanged.</summary>
[Collection(InteropCollection.Name)]
public sealed class KazooTests(InteropCluster cluster)
{
    private const string Python = "/usr/bin/python3";   // Debian's own: it has Debian's packages.

    [Theory]
    [MemberData(nameof(Scenarios.All), MemberType = typeof(Scenarios))]
    public Task Scenario(string name) => PlayAsync(name);

    /// <summary>zookeeper-protocol 11: a node joins, first as an observer, then votes, and leaves.</summary>
    [Fact]
    public async Task Reconfig()
    {
        Assert.SkipUnless(cluster.CanGrow, "needs a launcher that starts nodes which wait to be let in");
        await PlayAsync("reconfig");
    }

    private async Task PlayAsync(string name)
    {
        DebianPackages.Require(IsInstalled(), "python3-kazoo");
        var script = Path.Combine(cluster.Root, "tests", "Interop", "Scripts", "kazoo_client.py");
        using var client = new ClientProcess(Python, script, InteropCluster.Hosts, name, $"/kazoo_{name}");
        await Scenarios.PlayAsync(cluster, client);
    }

    private static bool IsInstalled()
    {
        if (!File.Exists(Python))
            return false;
        using var process = Process.Start(
            new ProcessStartInfo(Python, ["-c", "import kazoo"]) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
