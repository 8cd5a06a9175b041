using System.Diagnostics;
using Coord.Interop.Clients;

namespace Coord.Interop;

/// <summary>Patroni 3.0 with PostgreSQL 15 (Debian packages patroni and postgresql-15), unchanged.</summary>
[Collection(InteropCollection.Name)]
public sealed class PatroniTests(InteropCluster cluster) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coord-interop-patroni-");

    /// <summary>Bootstraps, keeps its primary while that one's node is killed, and replaces it when it dies.</summary>
    [Fact]
    public async Task A_primary_outlives_its_node_and_is_replaced_when_it_dies()
    {
        DebianPackages.Require(
            File.Exists("/usr/bin/patroni") && File.Exists("/usr/lib/postgresql/15/bin/postgres"),
            "patroni postgresql-15");
        var script = Path.Combine(InteropCluster.Scripts, "patroni_cluster.py");
        using var client = new ClientProcess(
            "/usr/bin/python3", script, InteropCluster.Hosts, "patroni", _folder.FullName);
        await Scenarios.PlayAsync(cluster, client);
        await client.EndAsync();
    }

    public void Dispose()
    {
        // PostgreSQL runs on where Patroni was killed: when a test fails nothing may stay behind.
        foreach (var file in _folder.GetFiles("postmaster.pid", SearchOption.AllDirectories))
            EndServer(File.ReadLines(file.FullName).First());
        _folder.Delete(recursive: true);
    }

    private void EndServer(string processId)
    {
        var commandLine = $"/proc/{processId}/cmdline";
        if (!File.Exists(commandLine) || !File.ReadAllText(commandLine).Contains(_folder.FullName))
            return;
        using var server = Process.GetProcessById(int.Parse(processId));
        server.Kill();
        server.WaitForExit();
    }
}
