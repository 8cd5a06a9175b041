using System.Diagnostics;
using Coord.JepsenLike.Faults;

namespace Coord.Interop.Moving;

/// <summary>One node of Coord or of ZooKeeper, started by its launcher, with a folder of its own.</summary>
internal sealed class LaunchedServers : IDisposable
{
    private const string Super = "super:secret";
    private const int AdminPortDistance = 200;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-moving-");
    private readonly string launcher;

    private LaunchedServers(string launcher)
    {
        this.launcher = launcher;
        Port = FreePorts.Find(1);
        try
        {
            Do("start", "1", $"{Port}");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Port { get; }

    public string Host => $"127.0.0.1:{Port}";

    /// <summary>The newest snapshot that ZooKeeper has written.</summary>
    public string Snapshot => new DirectoryInfo(Path.Combine(folder.FullName, "1", "data", "version-2"))
        .EnumerateFiles("snapshot.*").MaxBy(file => file.LastWriteTimeUtc)!.FullName;

    /// <summary>What the admin port of a Coord node sends for a snapshot.</summary>
    public async Task<byte[]> SendSnapshotAsync()
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"digest {Super}");
        return await client.GetByteArrayAsync(
            new Uri($"http://127.0.0.1:{Port + AdminPortDistance}/commands/snapshot"),
            TestContext.Current.CancellationToken);
    }

    public static LaunchedServers ZooKeeper() =>
        new(Path.Combine(InteropCluster.Root, "tests", "tools", "zookeeper-ensemble.sh"));

    public static LaunchedServers Coord() => new(Path.Combine(InteropCluster.Root, "deploy", "local-cluster.sh"));

    public void Do(string verb, params string[] arguments)
    {
        var (code, output) = Run(launcher, [verb, folder.FullName, .. arguments]);
        Assert.True(code == 0, $"{launcher} {verb}: {code}: {output}");
    }

    /// <summary>Runs a script; its servers inherit the output, so that it goes to a file and not to a pipe.</summary>
    public static (int Code, string Output) Run(string script, params string[] arguments)
    {
        using var process = Begin(script, out var log, arguments);
        process.WaitForExit();
        var output = File.ReadAllText(log);
        File.Delete(log);
        return (process.ExitCode, output);
    }

    public static Process Begin(string script, out string log, params string[] arguments)
    {
        log = Path.GetTempFileName();
        var start = new ProcessStartInfo("/bin/bash", ["-c", "exec \"$@\" >\"$0\" 2>&1", log, script, .. arguments]);
        start.Environment["ZK_HEAP"] = "256m";
        start.Environment["COORD_SUPER"] = Super;
        start.Environment["COORD__zookeeper__znode.container.checkIntervalMs"] = "50";
        return Process.Start(start)!;
    }

    public void Dispose()
    {
        Run(launcher, "stop", folder.FullName);
        folder.Delete(recursive: true);
    }
}
