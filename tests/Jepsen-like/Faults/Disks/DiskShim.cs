using System.Diagnostics;
using System.Globalization;

namespace Coord.JepsenLike.Faults.Disks;

/// <summary>
/// Disks of a cluster that fail to order: a library of the suite's own, in the folder Shim, that every node loads
/// before libc. It takes files below the node's data directory only, and leaves launchers and their helpers alone.
/// </summary>
internal sealed class DiskShim
{
    private static readonly TimeSpan CompilerPatience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// By how much lies run ahead of the disk: longer than a flush takes, so that it matters, and short enough for what
    /// nodes write once at their start to be durable before the next fault.
    /// </summary>
    private static readonly TimeSpan LieLag = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a loss of power takes everything that was not flushed.</summary>
    private const int AllLostPercent = 40;

    private readonly string directory;
    private readonly string library;
    private readonly DiskControl[] controls;

    private DiskShim(string directory, string library, int nodes)
    {
        this.directory = directory;
        this.library = library;
        controls = [.. Enumerable.Range(1, nodes).Select(MakeControl)];
    }

    /// <summary>Environment of the nodes.</summary>
    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        [Launcher.Preload] = library,
        ["COORD_DISK_ROOT"] = directory,
    };

    /// <summary>Why the library cannot be built here; null when it can.</summary>
    public static string? WhyNot() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Any(folder => File.Exists(Path.Combine(folder, "cc")))
        ? null
        : "disks that fail need a C compiler; on Debian: apt-get install gcc libc6-dev";

    /// <summary>Builds the library for a cluster in this directory, before its first start.</summary>
    /// <exception cref="LauncherException">There is no compiler, or it failed.</exception>
    public static async Task<DiskShim> BuildAsync(string directory, int nodes)
    {
        if (WhyNot() is { } whyNot)
            throw new LauncherException(whyNot);
        var folder = System.IO.Directory.CreateDirectory(Path.Combine(directory, "disk")).FullName;
        var library = Path.Combine(folder, "disk-shim.so");
        var sources = Path.Combine(
            Launcher.RepositoryRoot(), "tests", "Jepsen-like", "Faults", "Disks", "Shim");
        var start = new ProcessStartInfo("cc", [
            "-O2", "-Wall", "-Wextra", "-fPIC", "-shared", "-fvisibility=hidden", "-o", library,
            .. System.IO.Directory.GetFiles(sources, "*.c"), "-ldl", "-lpthread"])
        {
            RedirectStandardError = true,
        };
        using var compiler = Process.Start(start) ?? throw new InvalidOperationException("cc did not start");
        using var timer = new CancellationTokenSource(CompilerPatience);
        var errors = await compiler.StandardError.ReadToEndAsync(timer.Token);
        await compiler.WaitForExitAsync(timer.Token);
        return compiler.ExitCode == 0
            ? new DiskShim(directory, library, nodes)
            : throw new LauncherException($"cc could not build the disk shim: {errors}");
    }

    /// <summary>The disk of a node; nodes are counted from 1.</summary>
    public DiskControl Of(int node) => controls[node - 1];

    /// <summary>From now on every flush of a file returns before it is one.</summary>
    public void LieEverywhere()
    {
        foreach (var control in controls)
            control.Lie(LieLag);
    }

    public string DataOf(int node) => Path.Combine(directory, Name(node), "data");

    /// <summary>Where the shim keeps what a loss of power would bring back.</summary>
    public string FolderOf(int node) => Path.Combine(directory, "disk", Name(node));

    /// <summary>Nodes that run without the shim would pass every fault, and show nothing.</summary>
    public void RequireLoaded(int node, int processId)
    {
        var maps = $"/proc/{processId}/maps";
        if (!File.Exists(maps) || !File.ReadAllText(maps).Contains(Of(node).Path, StringComparison.Ordinal))
            throw new LauncherException(
                $"process {processId} of node {node} has not loaded {library}: disk faults need a dynamically linked " +
                "node that is given DIR/N/data, or DIR/N/zoo.cfg");
    }

    /// <summary>The power of a node that has been killed fails. What was lost is said in its output.</summary>
    /// <param name="node">The node; its process is gone.</param>
    /// <param name="moment">When it was killed, as <see cref="Stopwatch.GetTimestamp"/> gives it.</param>
    /// <param name="random">Decides what of the unflushed is kept.</param>
    public PowerLossReport LosePower(int node, long moment, Random random)
    {
        // A disk that lies holds in a cache of its own what it has not written, and all of that goes.
        var isAll = Of(node)[DiskCounter.Lies] > 0 || random.Next(100) < AllLostPercent;
        var report = new PowerLoss(DataOf(node), FolderOf(node), moment, random).Apply(isAll);
        File.AppendAllText(Path.Combine(directory, Name(node), "out"), $"(suite) {report}\n");
        return report;
    }

    /// <summary>The node's disk was replaced: nothing of the old one comes back.</summary>
    public void Forget(int node) => PowerLoss.Forget(FolderOf(node));

    private static string Name(int node) => node.ToString(CultureInfo.InvariantCulture);

    private DiskControl MakeControl(int node)
    {
        System.IO.Directory.CreateDirectory(FolderOf(node));
        return new DiskControl(Path.Combine(FolderOf(node), "control"));
    }
}
