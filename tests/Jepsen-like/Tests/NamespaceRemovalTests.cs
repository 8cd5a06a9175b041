using System.Diagnostics;
using System.Globalization;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Tests;

/// <summary>Namespaces, links and processes are gone when a run is, however it ended.</summary>
[Collection(ClusterCollection.Name)]
public sealed class NamespaceRemovalTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-removal-");

    public NamespaceRemovalTests()
    {
        var whyNot = NamespaceSupport.WhyNot();
        Assert.SkipWhen(whyNot is not null, $"no network namespaces: {whyNot}");
    }

    [Fact]
    public async Task A_network_is_there_and_then_it_is_not()
    {
        string name;
        using (var network = await NamespaceNetwork.MakeAsync(nodes: 5))
        {
            name = network.Name;
            Assert.True(Left(name).Count > 5);
        }

        Assert.Empty(Left(name));
    }

    [Fact]
    public async Task Two_networks_at_once_have_names_and_addresses_of_their_own()
    {
        using var one = await NamespaceNetwork.MakeAsync(nodes: 1);
        using var other = await NamespaceNetwork.MakeAsync(nodes: 1);
        Assert.NotEqual(one.Name, other.Name);
        Assert.NotEqual(one.AddressOf(Place.Node(1)), other.AddressOf(Place.Node(1)));
    }

    [Fact]
    public async Task A_launcher_that_fails_leaves_nothing()
    {
        var script = Path.Combine(folder.FullName, "fails.sh");
        var heard = Path.Combine(folder.FullName, "heard");
        await File.WriteAllTextAsync(script, $"echo \"$COORD_NETNS\" >{heard}; exit 1\n");
        await Assert.ThrowsAsync<LauncherException>(
            () => LocalCluster.StartAsync(new Launcher(script), nodes: 3, ClusterNeeds.Namespaces));
        var name = (await File.ReadAllTextAsync(heard)).Split("n:")[0];
        Assert.StartsWith($"cj{Environment.ProcessId:x}x", name, StringComparison.Ordinal);
        Assert.Empty(Left(name));
    }

    [Theory(Timeout = 180_000)]
    [InlineData("-TERM", 1)]
    [InlineData("-INT", 1)]
    [InlineData("-INT", 3)]
    public async Task A_run_that_a_signal_ends_leaves_nothing(string signal, int times)
    {
        // What was started in the background of a script ignores SIGINT, and its children inherit that.
        using var run = Process.Start(new ProcessStartInfo("env",
            ["--default-signal=INT", Path.Combine(AppContext.BaseDirectory, "Jepsen-like"),
                "run", "--secs", "60", "--network", "namespaces", "--nemesis", "partition"])
        {
            RedirectStandardOutput = true, WorkingDirectory = folder.FullName,
        })!;
        try
        {
            var said = await ReadUntilAsync(run.StandardOutput, "cluster serves");
            var data = said[(said.IndexOf("data in ", StringComparison.Ordinal) + "data in ".Length)..];
            var name = $"cj{run.Id:x}x";
            Assert.NotEmpty(Left(name));
            for (var i = 0; i < times; i++)
                await SendAsync(signal, run);

            await EndAsync(run);
            Assert.Empty(Left(name));
            Assert.False(Directory.Exists(data), data);
        }
        finally
        {
            // It cleans up itself, as long as the folder is there that it runs in.
            if (!run.HasExited)
            {
                await SendAsync("-TERM", run);
                await EndAsync(run);
            }
        }
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static async Task SendAsync(string signal, Process run)
    {
        using var kill = Process.Start("kill", [signal, run.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task EndAsync(Process run)
    {
        using var timer = new CancellationTokenSource(Patience);
        await run.StandardOutput.ReadToEndAsync(timer.Token);
        await run.WaitForExitAsync(timer.Token);
    }

    private static async Task<string> ReadUntilAsync(StreamReader reader, string text)
    {
        using var timer = new CancellationTokenSource(Patience);
        while (await reader.ReadLineAsync(timer.Token) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return line;
        }

        throw new InvalidOperationException($"it ended without saying {text}");
    }

    /// <summary>Namespaces and interfaces whose names begin so.</summary>
    private static List<string> Left(string name) =>
    [
        .. new[] { "/run/netns", "/sys/class/net" }.SelectMany(Directory.EnumerateFileSystemEntries)
            .Where(path => Path.GetFileName(path).StartsWith(name, StringComparison.Ordinal)),
    ];
}
