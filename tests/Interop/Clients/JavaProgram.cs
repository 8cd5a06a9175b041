using System.Diagnostics;

namespace Coord.Interop.Clients;

/// <summary>
/// The scenarios for Curator and the Java client below it: compiled once, and played one after the other by one virtual
/// machine, whose start takes longer than most of them.
/// </summary>
public sealed class JavaProgram : IDisposable
{
    private const string Compiler = "/usr/bin/javac";

    private static readonly string[] Jars =
    [
        "curator-recipes", "curator-framework", "curator-client", "zookeeper", "zookeeper-jute", "guava", "slf4j-api",
        "slf4j-nop", "netty-all", "commons-cli", "commons-io", "snappy-java", "metrics-core", "jackson-core",
        "jackson-databind", "jackson-annotations",
    ];

    private static readonly string ClassPath = string.Join(':', Jars.Select(jar => $"/usr/share/java/{jar}.jar"));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coord-interop-java-");
    private ClientProcess? _machine;
    private bool _isCompiled;

    public static bool IsInstalled =>
        File.Exists(Compiler) && File.Exists($"/usr/share/java/{Jars[0]}.jar") && ZkCli.IsInstalled;

    public async Task PlayAsync(InteropCluster cluster, string scenario)
    {
        _machine ??= Start(cluster.Scripts);
        try
        {
            _machine.Say(scenario);
            await Scenarios.PlayAsync(cluster, _machine);
        }
        catch
        {
            // The next scenario gets a machine in which nothing of this one runs on.
            _machine.Dispose();
            _machine = null;
            throw;
        }
    }

    public void Dispose()
    {
        _machine?.Dispose();
        _folder.Delete(recursive: true);
    }

    private ClientProcess Start(string scripts)
    {
        if (!_isCompiled)
            Compile(Directory.GetFiles(Path.Combine(scripts, "java_client"), "*.java"));
        _isCompiled = true;
        return new ClientProcess(
            "/usr/bin/java", "-Xmx128m", "-XX:+UseSerialGC", "-cp", $"{_folder.FullName}:{ClassPath}", "Scenario",
            InteropCluster.Hosts);
    }

    private void Compile(string[] sources)
    {
        string[] words = ["-nowarn", "-XDsuppressNotes", "-d", _folder.FullName, "-cp", ClassPath, .. sources];
        using var process = Process.Start(Compiler, words);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
