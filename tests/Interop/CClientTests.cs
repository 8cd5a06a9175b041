using System.Diagnostics;
using Coord.Interop.Clients;

namespace Coord.Interop;

/// <summary>ZooKeeper's C client, multi-threaded (Debian package libzookeeper-mt-dev), unchanged.</summary>
[Collection(InteropCollection.Name)]
public sealed class CClientTests(InteropCluster cluster) : IDisposable
{
    private const string Compiler = "/usr/bin/gcc";
    private const string Header = "/usr/include/zookeeper/zookeeper.h";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coord-interop-c-");

    [Theory]
    [MemberData(nameof(Scenarios.All), MemberType = typeof(Scenarios))]
    public async Task Scenario(string name)
    {
        DebianPackages.Require(File.Exists(Header) && File.Exists(Compiler), "libzookeeper-mt-dev gcc libc6-dev");
        using var client = new ClientProcess(Compile(), InteropCluster.Hosts, name, $"/c_{name}");
        await Scenarios.PlayAsync(cluster, client);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string Compile()
    {
        var program = Path.Combine(_folder.FullName, "c_client");
        var source = Path.Combine(cluster.Root, "tests", "Interop", "Scripts", "c_client.c");
        using var process = Process.Start(
            Compiler, ["-DTHREADED", "-O1", "-o", program, source, "-lzookeeper_mt", "-lpthread"]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return program;
    }
}
