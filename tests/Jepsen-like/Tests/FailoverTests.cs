using System.Globalization;
using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>
/// One session writes one znode at a time through tests/tools/zkload.c, which shares no code with anything here, while
/// the leader is taken away again and again. What it was told is done must be there at the end.
/// </summary>
[Collection(ClusterCollection.Name)]
public sealed class FailoverTests(ITestOutputHelper output)
{
    private const int Seconds = 15;
    private const int FaultsMin = 2;

    [Fact(Timeout = 180_000)]
    public async Task No_acknowledged_write_and_no_session_is_lost_while_leaders_are_killed()
    {
        await RunAsync(async (cluster, leader) =>
        {
            await cluster.KillAsync(leader);
            await Task.Delay(TimeSpan.FromSeconds(1));
            await cluster.RestartAsync(leader);
        });
    }

    [Fact(Timeout = 180_000)]
    public async Task No_acknowledged_write_and_no_session_is_lost_while_leaders_are_stopped()
    {
        await RunAsync(async (cluster, leader) =>
        {
            await cluster.PauseAsync(leader);
            await Task.Delay(TimeSpan.FromSeconds(3));
            await cluster.ResumeAsync(leader);
        });
    }

    private async Task RunAsync(Func<LocalCluster, int, Task> takeAway)
    {
        NativeProgram.Require("cc", "gcc libc6-dev");
        await using var cluster = await LocalCluster.StartAsync(Launcher.Default());
        var source = Path.Combine(Launcher.RepositoryRoot(), "tests", "tools", "zkload.c");
        var program = await NativeProgram.CompileAsync(source, cluster.Directory);
        var load = NativeProgram.RunAsync(program,
            ["--hosts", cluster.Hosts, "--op", "failover", "--secs", $"{Seconds}"], TimeSpan.FromSeconds(90));

        var faults = await TakeAwayAsync(cluster, load, takeAway);
        var (status, text) = await load;
        output.WriteLine($"{text.Trim()} faults={faults}");
        var figures = Figures(text);
        Assert.Equal("0", figures["lost_acked"]);
        Assert.Equal("0", figures["sessions_expired"]);
        Assert.NotEqual(0, long.Parse(figures["acked"], CultureInfo.InvariantCulture));
        Assert.Equal(0, status);
        Assert.True(faults >= FaultsMin, $"only {faults} faults in {Seconds} s");
    }

    private static async Task<int> TakeAwayAsync(
        LocalCluster cluster, Task load, Func<LocalCluster, int, Task> takeAway)
    {
        var faults = 0;
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(Seconds - 3));
        while (!stop.IsCancellationRequested && !load.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromSeconds(1.5));
            if (await cluster.LeaderAsync() is not { } leader)
                continue;

            await takeAway(cluster, leader);
            await cluster.WaitUntilServingAsync();
            faults++;
        }

        return faults;
    }

    /// <summary>The key=value figures of the last line.</summary>
    private static Dictionary<string, string> Figures(string text)
    {
        var line = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Last(l => l.Contains("lost_acked="));
        return line.Split(' ').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
    }
}
