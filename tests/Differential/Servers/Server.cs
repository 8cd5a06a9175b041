using System.Diagnostics;
using Coord.Differential.Dialects;
using Coord.JepsenLike.Faults;

namespace Coord.Differential.Servers;

/// <summary>A server under comparison: processes of its own on free ports, ended and deleted with it.</summary>
internal sealed class Server : IDisposable
{
    /// <summary>Whose digest both servers are told; the final tree is read with it.</summary>
    public const string Super = "super:secret";

    private const string SuperDigest = "super:lK75jTNcA+U9vtVEw5vB51mj/w4=";

    // base64(SHA1("super:secret")) is checked by the first use: without it the final trees could not be read.
    private static readonly (string Name, string Value)[] ZooKeeperSettings =
    [
        ("ZK_HEAP", "768m"),
        ("ZK_CONFIG", "tickTime=200\nminSessionTimeout=400\nmaxSessionTimeout=60000"),
        ("ZK_JAVA_OPTS", "-Dzookeeper.forceSync=no -Dznode.container.checkIntervalMs=50"
            + " -Dznode.container.maxPerMinute=100000000 -Dzookeeper.enforceQuota=true"
            + $" -Dzookeeper.DigestAuthenticationProvider.superDigest={SuperDigest}"),
    ];

    private static readonly (string Name, string Value)[] CoordSettings =
    [
        ("COORD_SUPER", Super),
        ("COORD__zookeeper__reconfigEnabled", "false"),
        ("COORD__zookeeper__enforceQuota", "true"),
        ("COORD__zookeeper__tickTime", "200"),
        ("COORD__zookeeper__znode.container.checkIntervalMs", "50"),
        ("COORD__zookeeper__minSessionTimeout", "400"),
        ("COORD__zookeeper__maxSessionTimeout", "60000"),
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coord-differential-");
    private readonly string _launcher;
    private readonly (string Name, string Value)[] _settings;

    private Server(string name, string launcher, int nodes, IDialect dialect, (string Name, string Value)[] settings)
    {
        (Name, Dialect, _settings) = (name, dialect, settings);
        _launcher = Path.Combine(Root, launcher);
        var first = FreePorts.Find(nodes);
        Ports = [.. Enumerable.Range(first, nodes)];
        var isStarted = false;
        try
        {
            Launch("start", $"{nodes}", $"{first}");
            isStarted = true;
        }
        finally
        {
            if (!isStarted)
                Dispose();
        }
    }

    public string Name { get; }

    public IReadOnlyList<int> Ports { get; }

    public IDialect Dialect { get; }

    public const string HowToInstall =
        "needs ZooKeeper: sudo apt-get install -y --no-install-recommends zookeeper default-jre-headless";

    /// <summary>True where Debian's package <c>zookeeper</c> and a Java runtime are.</summary>
    public static bool IsZooKeeperInstalled =>
        File.Exists("/usr/share/java/zookeeper.jar") && File.Exists("/usr/bin/java");

    public static Server ZooKeeper() => new(
        "ZooKeeper", "tests/tools/zookeeper-ensemble.sh", nodes: 1, new ZooKeeper38(), ZooKeeperSettings);

    /// <param name="nodes">With more than one, each slot talks to another node.</param>
    public static Server Coord(int nodes) => new(
        "Coord", "deploy/local-cluster.sh", nodes, new ZooKeeper39(), CoordSettings);

    public void Dispose()
    {
        Launch("stop");
        _folder.Delete(recursive: true);
    }

    private void Launch(string verb, params string[] arguments)
    {
        // The servers inherit the launcher's output: a file can stay open with them, a pipe would never end.
        var log = Path.Combine(_folder.FullName, $"{verb}.log");
        var start = new ProcessStartInfo("/bin/bash") { RedirectStandardInput = true };
        string[] words = ["-c", "exec \"$@\" >\"$0\" 2>&1", log, _launcher, verb, _folder.FullName, .. arguments];
        foreach (var word in words)
            start.ArgumentList.Add(word);
        foreach (var (name, value) in _settings)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"{_launcher} {verb} ended with code {process.ExitCode}: {File.ReadAllText(log)}");
        }
    }

    /// <summary>The folder of the whole project.</summary>
    public static string Root
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "Coord.sln")))
                    return folder.FullName;
            }

            throw new InvalidOperationException($"No Coord.sln above {AppContext.BaseDirectory}.");
        }
    }
}
