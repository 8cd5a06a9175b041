using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Coord.Interop.Clients;

/// <summary>
/// The scenarios for Curator and the Java client below it: compiled once, and played one after the other by one virtual
/// machine, whose start takes longer than most of them.
/// </summary>
public sealed partial class JavaProgram : IDisposable
{
    /// <summary>What has to be installed.</summary>
    public const string Packages = "default-jdk-headless libzookeeper-java libcurator-recipes-java "
        + "libcurator-framework-java libcurator-client-java";

    private const string Compiler = "/usr/bin/javac";

    private static readonly string[] Jars =
    [
        "curator-recipes", "curator-framework", "curator-client", "zookeeper", "zookeeper-jute", "guava", "slf4j-api",
        "slf4j-nop", "netty-all", "commons-cli", "commons-io", "snappy-java", "metrics-core", "jackson-core",
        "jackson-databind", "jackson-annotations",
    ];

    private static readonly string ClassPath = string.Join(':', Jars.Select(jar => $"/usr/share/java/{jar}.jar"));

    [GeneratedRegex(@"^public .*?(?:class|interface) ([\w.]+)")]
    private static partial Regex Declaration { get; }

    // A constructor has no type in front of its name. The client, or the other recipe, comes first.
    [GeneratedRegex(@"^  public (?:static .*|[\w.]+)\(org\.apache\.curator\.framework\.[\w.]+[,)]")]
    private static partial Regex Making { get; }

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("coord-interop-java-");
    private ClientProcess? _machine;
    private bool _isCompiled;

    public static bool IsInstalled =>
        File.Exists(Compiler) && File.Exists($"/usr/share/java/{Jars[0]}.jar") && ZkCli.IsInstalled;

    public Task PlayAsync(InteropCluster cluster, string scenario) =>
        TalkAsync(cluster, scenario, machine => Scenarios.PlayAsync(cluster, machine));

    /// <summary>Begins a scenario, and leaves what it says and hears, to its end, to the caller.</summary>
    internal async Task TalkAsync(InteropCluster cluster, string scenario, Func<ClientProcess, Task> talk)
    {
        _machine ??= Start(InteropCluster.Scripts);
        try
        {
            _machine.Say(scenario);
            await talk(_machine);
        }
        catch
        {
            // The next scenario gets a machine in which nothing of this one runs on.
            _machine.Dispose();
            _machine = null;
            throw;
        }
    }

    /// <summary>
    /// Names of the classes of curator-recipes that are made for a client, or on top of another recipe, by a
    /// constructor or a static method that is public.
    /// </summary>
    public static IReadOnlyCollection<string> RecipesOfCurator()
    {
        var package = $"/usr/share/java/{Jars[0]}.jar";
        using var archive = ZipFile.OpenRead(package);
        string[] classes = [.. archive.Entries.Select(entry => entry.FullName)
            .Where(name => name.EndsWith(".class", StringComparison.Ordinal) && !name.Contains('$'))
            .Select(name => name[..^".class".Length].Replace('/', '.'))];
        var start = new ProcessStartInfo("/usr/bin/javap") { RedirectStandardOutput = true };
        foreach (var word in (string[])["-public", "-cp", ClassPath, .. classes])
            start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        var recipes = new HashSet<string>(StringComparer.Ordinal);
        var current = "";
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (Declaration.Match(line) is { Success: true } declared)
                current = declared.Groups[1].Value;
            else if (Making.IsMatch(line))
                recipes.Add(current[(current.LastIndexOf('.') + 1)..]);
        }

        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return recipes;
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
