using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Coord.Client;
using Coord.Client.Recipes;
using Coord.Interop.Clients;

namespace Coord.Interop.Contention;

/// <summary>
/// Curator and Coord.Client contend for everything at once while every node is killed and started again, one after the
/// other, and so the leader at least once (client-sdk.md 25, scenario 21).
/// </summary>
[Collection(InteropCollection.Name)]
public sealed class OutageTests(InteropCluster cluster, JavaProgram program) : IClassFixture<JavaProgram>
{
    // How much further both sides come before each kill and after it.
    private const int Step = 10;

    private const string Root = "/java_contend_through_outages";
    private const string Number = $"{Root}/atomic_long";

    private static readonly string[] Recipes = ["mutex", "read_write", "semaphore"];

    private readonly ConcurrentBag<long> added = [];
    private int enough = int.MaxValue;

    // Danger: a reply that is lost makes a holder of who was not served, or two of one; or an addition counts twice.
    [Fact]
    public async Task Holders_keep_each_other_out_and_additions_count_once_while_nodes_are_killed()
    {
        DebianPackages.Require(JavaProgram.IsInstalled, JavaProgram.Packages);
        Assert.SkipUnless(
            cluster.IsCoord, "ZooKeeper keeps no replies, and Curator cuts the tags by which additions are known");
        await using var coord = CoordSide.Connect();
        await coord.CreateAsync(Root);
        await coord.CreateAsync(Number);
        foreach (var recipe in Recipes)
            await Contest.BeginAsync(coord, $"{Root}/{recipe}", Tally.Begin(int.MaxValue));

        await program.TalkAsync(cluster, $"contend_through_outages {Root}", async machine =>
        {
            await machine.UntilAsync(line => line == "ready", "it was ready");
            machine.Say("go");
            await Contest.EndsAsync(
                ct =>
                [
                    .. Recipes.SelectMany(recipe => CoordSide.Contend(
                        recipe, $"{Root}/{recipe}", () => Volatile.Read(ref enough), ct)),
                    .. CounterSide.Add(Number, added, ct), KillEachNodeAsync(coord, ct),
                ],
                Scenarios.PlayAsync(cluster, machine));
        });

        foreach (var recipe in Recipes)
            await Contest.AssertFairAsync(coord, recipe, $"{Root}/{recipe}");
        await AssertCountedOnceAsync(coord);
    }

    private async Task KillEachNodeAsync(CoordClient coord, CancellationToken ct)
    {
        try
        {
            foreach (var port in InteropCluster.Ports)
            {
                await GoOnAsync(coord, ct);
                await Task.Run(() => cluster.Obey($"kill {port}"), ct);
                await GoOnAsync(coord, ct);
                await Task.Run(() => cluster.Obey($"restart {port}"), ct);
            }

            await GoOnAsync(coord, ct);
        }
        finally
        {
            cluster.Heal();
        }

        Volatile.Write(ref enough, Contest.Enough);
        await coord.CreateAsync($"{Number}/enough", ct: ct);
    }

    /// <summary>Ends when both sides have come further with everything.</summary>
    private Task GoOnAsync(CoordClient coord, CancellationToken ct) => Task.WhenAll(
    [
        .. Recipes.Select(recipe => GrowAsync(
            coord, $"{Root}/{recipe}/tally", znode => [Tally.Read(znode!.Bytes).Handovers], ct)),
        GrowAsync(coord, $"{Number}/number", znode => [added.Count, ValueOf(znode) - added.Count], ct),
    ]);

    private static async Task GrowAsync(
        CoordClient coord, string path, Func<Znode?, long[]> measure, CancellationToken ct)
    {
        long[]? began = null;
        await coord.WaitUntilAsync(
            path,
            znode =>
            {
                var now = measure(znode);
                began ??= now;
                return now.Zip(began).All(pair => pair.First >= pair.Second + Step);
            },
            ct);
    }

    // Curator writes the value alone, Coord.Client something behind it.
    private static long ValueOf(Znode? znode) =>
        znode is null ? 0 : BinaryPrimitives.ReadInt64BigEndian(znode.Bytes.Span);

    /// <summary>
    /// Each value is one addition's. Curator does not know of every addition of its own whether it was made: those are
    /// all that may be missing.
    /// </summary>
    private async Task AssertCountedOnceAsync(CoordClient coord)
    {
        var unknown = await coord.GetAsync($"{Number}/unknown", ReadOptions.Fresh);
        var value = await new DistributedCounter(coord, $"{Number}/number").GetAsync();
        var all = added.Concat(await CounterSide.ReadTheirsAsync(coord, Number)).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(all, result => Assert.InRange(result, 1, value));
        Assert.InRange(value - all.Count, 0, int.Parse(Encoding.UTF8.GetString(unknown.Bytes.Span)));
    }
}
