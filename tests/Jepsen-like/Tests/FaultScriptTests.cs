using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Tests;

/// <summary>What an operator runs by hand: the scripts of deploy/faults, on a cluster in namespaces.</summary>
[Collection(ClusterCollection.Name)]
public sealed class FaultScriptTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    [Fact(Timeout = 180_000)]
    public async Task An_isolated_leader_is_replaced_and_a_signal_heals_it()
    {
        await using var cluster = await StartAsync();
        var leader = await cluster.WaitUntilServingAsync();
        await using var script = FaultScript.Start("isolate-leader.sh", Options(cluster));
        await script.SaysAsync($"node {leader} is cut off");
        await WaitUntilAsync(async () =>
            (await cluster.ModesAsync()).Where((_, index) => index != leader - 1).Contains("leader"));
        Assert.True(await cluster.Packets!.DroppedAsync(Place.Node(leader)) > 0);

        Assert.Equal(143, await script.EndAsync());
        output.WriteLine(script.Output);
        Assert.Contains($"healed: node {leader}", script.Output, StringComparison.Ordinal);
        await AssertNothingIsLeftAsync(cluster);
        await cluster.WaitUntilServingAsync();
    }

    [Fact(Timeout = 180_000)]
    public async Task What_is_kept_in_force_is_refused_twice_and_healed_by_hand()
    {
        await using var cluster = await StartAsync();
        var options = Options(cluster);
        var first = await FaultScript.RunAsync("partition.sh", [.. options, "--node", "1", "--from", "2", "--keep"]);
        Assert.Equal(0, first.Status);
        var again = await FaultScript.RunAsync("partition.sh", [.. options, "--node", "1", "--keep"]);
        Assert.Equal(1, again.Status);
        Assert.Contains("in force at node 1 already", again.Output, StringComparison.Ordinal);

        var healed = await FaultScript.RunAsync("heal.sh", options);
        Assert.Equal(0, healed.Status);
        Assert.Contains("nft delete table inet coord_faults", healed.Output, StringComparison.Ordinal);
        await AssertNothingIsLeftAsync(cluster);
        Assert.Contains("nothing to heal", (await FaultScript.RunAsync("heal.sh", options)).Output,
            StringComparison.Ordinal);
    }

    [Fact(Timeout = 180_000)]
    public async Task A_node_stands_still_for_its_time_and_no_second_one_beside_it()
    {
        await using var cluster = await StartAsync();
        var options = Options(cluster);
        await using var script = FaultScript.Start("pause.sh", [.. options, "--node", "1", "--for", "3"]);
        await script.SaysAsync("stands still");
        Assert.Equal('T', StateOf(cluster.PidOf(1)));
        var second = await FaultScript.RunAsync("pause.sh", [.. options, "--node", "2", "--for", "1"]);
        Assert.Equal(1, second.Status);
        Assert.Contains("no majority", second.Output, StringComparison.Ordinal);
        Assert.NotEqual('T', StateOf(cluster.PidOf(2)));

        Assert.Equal(0, await script.WaitAsync());
        Assert.NotEqual('T', StateOf(cluster.PidOf(1)));
        await cluster.WaitUntilServingAsync();
    }

    [Fact]
    public async Task A_dry_run_prints_the_rules_of_one_direction_with_their_ports()
    {
        var config = Path.Combine(Launcher.RepositoryRoot(), "tests", "Jepsen-like", "Tests", "three-machines.json");
        var (status, text) = await FaultScript.RunAsync("partition.sh",
            ["--config", config, "--dry-run", "--node", "2", "--from", "1", "--one-way", "in", "--for", "7"]);
        Assert.Equal(0, status);
        Assert.Contains("ip saddr { 10.20.30.1 } tcp dport 2282 counter drop", text, StringComparison.Ordinal);
        Assert.Contains("ip saddr { 10.20.30.1 } tcp sport 2281 counter drop", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hook output", text, StringComparison.Ordinal);
        Assert.Contains("after 7 s", text, StringComparison.Ordinal);
        Assert.EndsWith("nft delete table inet coord_faults\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--node 4", "knows no node '4'")]
    [InlineData("--node 1 --from 1", "cannot be cut off from itself")]
    [InlineData("--node 1 --loss 0", "--loss takes 1 to 100")]
    [InlineData("--node 1 --for soon", "--for takes whole seconds")]
    [InlineData("--node 1 --keep --for 3", "exclude each other")]
    [InlineData("--from 1", "--node says which node")]
    [InlineData("--node 1 --config cluster.json", "packets between them cannot be told apart")]
    public async Task A_mistake_is_refused_in_words(string options, string expected)
    {
        var config = Path.Combine("tests", "Jepsen-like", "Tests", "three-machines.json");
        var (status, text) = await FaultScript.RunAsync("partition.sh",
            ["--config", config, "--dry-run", .. options.Split(' ')]);
        Assert.NotEqual(0, status);
        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    private static Task<LocalCluster> StartAsync()
    {
        var whyNot = NamespaceSupport.WhyNot();
        Assert.SkipWhen(whyNot is not null, $"no network namespaces: {whyNot}");
        return LocalCluster.StartAsync(Launcher.Default(), nodes: 3, ClusterNeeds.Namespaces);
    }

    private static string[] Options(LocalCluster cluster) =>
    [
        "--config", Path.Combine(cluster.Directory, "cluster.json"),
        "--netns", $"{cluster.Namespaces!.Name}n%",
    ];

    private static async Task AssertNothingIsLeftAsync(LocalCluster cluster)
    {
        for (var node = 1; node <= cluster.Nodes.Count; node++)
            Assert.Equal("", await cluster.Packets!.ListAsync(Place.Node(node)));
    }

    private static char StateOf(int pid) =>
        File.ReadAllText($"/proc/{pid}/stat").Split(") ", 2)[1][0];

    private static async Task WaitUntilAsync(Func<Task<bool>> holds)
    {
        using var timer = new CancellationTokenSource(Patience);
        while (!await holds())
            await Task.Delay(PollInterval, timer.Token);
    }
}
