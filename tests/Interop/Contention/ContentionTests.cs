using System.Collections.Concurrent;
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
    [Theory]
    [InlineData("mutex")]
    [InlineData("read_write")]
    [InlineData("semaphore")]
    public async Task Holders_of_both_clients_keep_each_other_out(string recipe)
    {
        Require();
        var root = $"/java_contend_{recipe}";
        await using var coord = CoordSide.Connect();
        await Contest.BeginAsync(coord, root, Tally.Begin(Contest.Enough));

        await program.TalkAsync(cluster, $"contend_{recipe} {root}", async machine =>
        {
            await machine.UntilAsync(line => line == "ready", "it was ready");
            machine.Say("go");
            await Contest.EndsAsync(
                ct => CoordSide.Contend(recipe, root, () => Contest.Enough, ct), Scenarios.PlayAsync(cluster, machine));
        });

        await Contest.AssertFairAsync(coord, recipe, root);
    }

    [Fact]
    public async Task Additions_of_both_clients_are_counted_once()
    {
        Require();
        const string Root = "/java_contend_atomic_long";
        await using var coord = CoordSide.Connect();
        await coord.CreateAsync(Root);
        var results = new ConcurrentBag<long>();

        await program.TalkAsync(cluster, $"contend_atomic_long {Root}", async machine =>
        {
            await machine.UntilAsync(line => line == "ready", "it was ready");
            machine.Say($"{Contest.Enough}");
            await Contest.EndsAsync(
                ct => CounterSide.Add(Root, results, ct), Scenarios.PlayAsync(cluster, machine));
        });

        var ours = results.ToHashSet();
        var theirs = await CounterSide.ReadTheirsAsync(coord, Root);
        long[] all = [.. results.Concat(theirs).Order()];
        Assert.Equal(Enumerable.Range(1, all.Length).Select(value => (long)value), all);
        Assert.Equal(all.Length, await new DistributedCounter(coord, $"{Root}/number").GetAsync());
        Assert.InRange(theirs.Count, Contest.Enough, int.MaxValue);
        Assert.InRange(ours.Count, Contest.Enough, int.MaxValue);
        var handovers = all.Zip(all.Skip(1)).Count(pair => ours.Contains(pair.First) != ours.Contains(pair.Second));
        Assert.InRange(handovers, Contest.Enough, int.MaxValue);
    }

    private static void Require() => DebianPackages.Require(JavaProgram.IsInstalled, JavaProgram.Packages);
}
