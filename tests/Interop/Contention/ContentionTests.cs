using System.Text;
using Coord.Client;
using Coord.Client.Recipes;
using Coord.Interop.Clients;

namespace Coord.Interop.Contention;

/// <summary>
/// Curator and Coord.Client contend for the same znodes at the same time (client-sdk.md 25, scenario 21): excluded, in
/// the order they came, and every addition counted once.
/// </summary>
[Collection(InteropCollection.Name)]
public sealed class ContentionTests(InteropCluster cluster, JavaProgram program) : IClassFixture<JavaProgram>
{
    private const int Enough = 40;

    [Theory]
    [InlineData("mutex")]
    [InlineData("read_write")]
    [InlineData("semaphore")]
    public async Task Holders_of_both_clients_keep_each_other_out(string recipe)
    {
        var root = await BeginAsync($"contend_{recipe}", Tally.Begin(Enough));

        await program.TalkAsync(cluster, $"contend_{recipe} {root}", async machine =>
        {
            await machine.UntilAsync(line => line == "ready", "it was ready");
            machine.Say("go");
            await EndsAsync(
                ct => Task.WhenAll(Enumerable.Range(0, CoordSide.Workers)
                    .Select(worker => CoordSide.ContendAsync(recipe, root, worker, ct))),
                Scenarios.PlayAsync(cluster, machine));
        });

        await using var coord = CoordSide.Connect();
        var log = await HoldLog.ReadAsync(coord, root);
        var tally = await coord.GetAsync($"{root}/tally");
        HoldLog.AssertExcluded(log, CoordSide.Permits);
        if (recipe != "semaphore")
            HoldLog.AssertInOrder(log);
        Assert.InRange(HoldLog.Holds(log, "java"), Enough, int.MaxValue);
        Assert.InRange(HoldLog.Holds(log, "coord"), Enough, int.MaxValue);
        // With two permits, who counted first may have entered second: the tally is what the workers went by.
        var handovers = recipe == "semaphore" ? Tally.Read(tally.Bytes).Handovers : HoldLog.Handovers(log);
        Assert.InRange(handovers, Enough, int.MaxValue);
        var counted = log.Count(line => line.IsEnter && line.Kind != HoldLog.Read);
        Assert.Equal(counted, Tally.Read(tally.Bytes).Java + Tally.Read(tally.Bytes).Coord);
        Assert.Equal(counted, tally.Stat.Version);
    }

    [Fact]
    public async Task Additions_of_both_clients_are_counted_once()
    {
        var root = await BeginAsync("contend_atomic_long", Tally.Begin(0));
        IReadOnlyList<long>[] results = [];

        await program.TalkAsync(cluster, $"contend_atomic_long {root}", async machine =>
        {
            await machine.UntilAsync(line => line == "ready", "it was ready");
            machine.Say($"{Enough}");
            await EndsAsync(
                async ct => results = await CounterSide.RunAsync(root, ct), Scenarios.PlayAsync(cluster, machine));
        });

        await using var coord = CoordSide.Connect();
        long[] ours = [.. results.SelectMany(each => each)];
        var found = await coord.GetAsync($"{root}/results", ReadOptions.Fresh);
        long[] theirs = [.. Encoding.UTF8.GetString(found.Bytes.Span).Split(' ').Select(word => long.Parse(word))];
        long[] all = [.. ours.Concat(theirs).Order()];
        Assert.Equal(Enumerable.Range(1, all.Length).Select(value => (long)value), all);
        Assert.Equal(all.Length, await new DistributedCounter(coord, $"{root}/number").GetAsync());
        Assert.InRange(theirs.Length, Enough, int.MaxValue);
        Assert.InRange(ours.Length, Enough, int.MaxValue);
        var handovers = all.Zip(all.Skip(1)).Count(pair => ours.Contains(pair.First) != ours.Contains(pair.Second));
        Assert.InRange(handovers, Enough, int.MaxValue);
    }

    /// <returns>The scenario's root, with what both sides expect there.</returns>
    private async Task<string> BeginAsync(string name, Tally tally)
    {
        Require();
        var root = $"/java_{name}";
        await using var coord = CoordSide.Connect();
        await coord.CreateAsync(root);
        await coord.CreateAsync($"{root}/log");
        await coord.CreateAsync($"{root}/tally", tally.Write());
        return root;
    }

    /// <summary>Ends with both sides; with an error of one the other one is not waited for.</summary>
    private static async Task EndsAsync(Func<CancellationToken, Task> ours, Task theirs)
    {
        using var stop = new CancellationTokenSource();
        var running = ours(stop.Token);
        try
        {
            await await Task.WhenAny(running, theirs);
            await Task.WhenAll(running, theirs);
        }
        finally
        {
            await stop.CancelAsync();
            await running.ContinueWith(static _ => { }, TaskScheduler.Default);
        }
    }

    private static void Require() => DebianPackages.Require(JavaProgram.IsInstalled, JavaProgram.Packages);
}
