using System.Diagnostics;
using System.Globalization;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>Storms open what they say, seen from the nodes, and leave other clients alone.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ClientStormTests
{
    private const int Crowd = 150;
    private const int HalfOpen = 100;
    private const int Readers = 3;

    // None of the crowd expires while a slow machine still lets the others in.
    private const int SessionTimeoutMs = 12_000;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    [Fact(Timeout = 180_000)]
    public async Task A_crowd_comes_at_once_comes_back_with_its_sessions_and_is_forgotten_when_it_is_gone()
    {
        await using var cluster = await LocalCluster.StartAsync(Launcher.Default());
        using var storm = new ClientStorm(cluster.Clients, new Random(1), SessionTimeoutMs);
        await storm.GatherAsync(Crowd, CancellationToken.None);
        Assert.Equal((Crowd, Crowd), (storm.Attached, await SessionsAsync(cluster)));
        storm.DropAll();
        Assert.Equal(0, storm.Attached);
        await storm.GatherAsync(Crowd, CancellationToken.None);
        Assert.Equal((Crowd, 0), (storm.Attached, storm.Expired));
        Assert.Equal(Crowd, await SessionsAsync(cluster));
        storm.Abandon();
        await UntilAsync(async () => await SessionsAsync(cluster) == 0);
    }

    [Fact(Timeout = 180_000)]
    public async Task Connections_that_say_nothing_or_do_not_read_stand_in_nobodys_way()
    {
        await using var faults = await ClusterFaults.StartAsync(ClusterNeeds.SuperUser);
        using var storm = new ClientStorm(faults.Cluster.Clients, new Random(1));
        var before = await ConnectionsAsync(faults.Cluster);
        Assert.Equal(HalfOpen, await storm.OpenHalfAsync(HalfOpen, CancellationToken.None));
        await UntilAsync(async () => await ConnectionsAsync(faults.Cluster) >= before + HalfOpen);
        Assert.Equal(Readers, await storm.StartReadersAsync(Readers, requests: 2_000, CancellationToken.None));
        var note = await faults.RunAsync("drop-all-clients");
        Assert.EndsWith(" 0 expired", note, StringComparison.Ordinal);
    }

    private static async Task<int> SessionsAsync(LocalCluster cluster)
    {
        var view = await new Membership(cluster).ViewAsync();
        Assert.NotNull(view);
        return view.Sessions;
    }

    /// <summary>Of all nodes, the one that asks among them.</summary>
    private static async Task<int> ConnectionsAsync(LocalCluster cluster)
    {
        const string Label = "Connections: ";
        var answers = await Task.WhenAll(cluster.Nodes.Select(node => FourLetterWord.AskAsync(node, "srvr")));
        return answers.Sum(answer => answer is null ? 0 : int.Parse(
            answer.Split('\n').Single(line => line.StartsWith(Label, StringComparison.Ordinal))[Label.Length..],
            CultureInfo.InvariantCulture));
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        var clock = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(clock.Elapsed < ClusterFaults.Patience);
            await Task.Delay(PollInterval);
        }
    }
}
