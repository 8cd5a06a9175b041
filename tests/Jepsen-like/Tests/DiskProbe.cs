using System.Diagnostics;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Faults.Disks;

namespace Coord.JepsenLike.Tests;

/// <summary>One disk with the shim, and a program that knows nothing of it (tests/tools/diskprobe.c).</summary>
public sealed class DiskProbe : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string directory = Directory.CreateTempSubdirectory("coord-jepsen-disk-").FullName;
    private DiskShim? shim;
    private string program = "";

    internal DiskControl Disk => Shim.Of(1);

    private DiskShim Shim => shim ?? throw new InvalidOperationException("not built");

    private string Data => Shim.DataOf(1);

    public async ValueTask InitializeAsync()
    {
        NativeProgram.Require("cc", "gcc libc6-dev");
        shim = await DiskShim.BuildAsync(directory, nodes: 1);
        var source = Path.Combine(Launcher.RepositoryRoot(), "tests", "tools", "diskprobe.c");
        program = await NativeProgram.CompileAsync(source, directory);
    }

    /// <summary>An empty disk that does as it should.</summary>
    public void Clear()
    {
        Directory.CreateDirectory(Data);
        LoseAll();
        Disk.Heal();
        Disk.Lie(TimeSpan.Zero);
        Directory.Delete(Data, recursive: true);
        Directory.CreateDirectory(Data);
    }

    /// <summary>Runs the program over these steps; returns their error numbers, 0 for what was done.</summary>
    public async Task<string> RunAsync(string steps)
    {
        var settings = Shim.Settings.Select(setting => $"{setting.Key}={setting.Value}");
        var (status, output) = await NativeProgram.RunAsync(
            "env", [.. settings, program, "--data", Data, .. steps.Split(' ')], Patience);
        Assert.True(status == 137, $"exit status {status}: {output}");
        return output.Trim().Replace('\n', ' ');
    }

    /// <summary>The power fails and takes everything that was not flushed.</summary>
    internal PowerLossReport LoseAll() => Loss(new Random(0)).Apply(isAll: true);

    /// <summary>The power fails and takes what the seed says.</summary>
    internal PowerLossReport LoseSome(int seed) => Loss(new Random(seed)).Apply(isAll: false);

    /// <summary>Null when there is no such file.</summary>
    public string? Text(string name)
    {
        var path = Path.Combine(Data, name);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(directory, recursive: true);
        return ValueTask.CompletedTask;
    }

    private PowerLoss Loss(Random random) => new(Data, Shim.FolderOf(1), Stopwatch.GetTimestamp(), random);
}
