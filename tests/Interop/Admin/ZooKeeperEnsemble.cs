using System.Diagnostics;
using Coord.JepsenLike.Faults;

namespace Coord.Interop.Admin;

/// <summary>Three nodes of Apache ZooKeeper 3.8 beside the cluster, to ask both the same.</summary>
internal sealed class ZooKeeperEnsemble : IDisposable
{
    private const int Nodes = 3;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-interop-zookeeper-");
    private readonly string launcher;

    public ZooKeeperEnsemble(string root)
    {
        launcher = Path.Combine(root, "tests", "tools", "zookeeper-ensemble.sh");
        var first = FreePorts.Find(Nodes);
        Ports = [.. Enumerable.Range(first, Nodes)];
        try
        {
            Launch("start", folder.FullName, $"{Nodes}", $"{first}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public static bool IsInstalled => File.Exists("/usr/share/java/zookeeper.jar");

    public IReadOnlyList<int> Ports { get; }

    public void Dispose()
    {
        Launch("stop", folder.FullName);
        folder.Delete(recursive: true);
    }

    private void Launch(params string[] words)
    {
        // The nodes inherit the output: a file can stay open with them, a pipe would never end.
        var log = Path.Combine(folder.FullName, $"{words[0]}.log");
        using var process = Process.Start(new ProcessStartInfo(
            "/bin/bash", ["-c", "exec \"$@\" >\"$0\" 2>&1", log, launcher, .. words])
        {
            Environment = { ["ZK_HEAP"] = "128m" },
        })!;
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{launcher} {words[0]}: {File.ReadAllText(log)}");
    }
}
