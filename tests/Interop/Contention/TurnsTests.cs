using Coord.Interop.Clients;

namespace Coord.Interop.Contention;

/// <summary>
/// Curator and Coord.Client stand in one line, one after the other: each is served when it came (client-sdk.md 25,
/// scenario 21).
/// </summary>
[Collection(InteropCollection.Name)]
public sealed class TurnsTests(InteropCluster cluster, JavaProgram program) : IClassFixture<JavaProgram>
{
    // Who comes, in order, and what for; the turns in which they are served, and in each everybody holds at once.
    private static readonly (bool IsJava, string Kind)[] Alternating =
    [
        (false, HoldLog.Write), (true, HoldLog.Write), (false, HoldLog.Write), (true, HoldLog.Write),
        (true, HoldLog.Write), (false, HoldLog.Write),
    ];

    private static readonly (bool IsJava, string Kind)[] Mixed =
    [
        (false, HoldLog.Write), (true, HoldLog.Read), (false, HoldLog.Read), (true, HoldLog.Write),
        (false, HoldLog.Read), (true, HoldLog.Read), (false, HoldLog.Write), (true, HoldLog.Read),
    ];

    [Fact]
    public Task Of_the_mutex() => PlayAsync("mutex", Alternating, [[0], [1], [2], [3], [4], [5]]);

    [Fact]
    public Task Of_the_read_write_lock() =>
        PlayAsync("read_write", Mixed, [[0], [1, 2], [3], [4, 5], [6], [7]]);

    /// <summary>With two permits the third waits for the first that is given back, whoever had it.</summary>
    [Fact]
    public Task Of_the_semaphore() => PlayAsync(
        "semaphore",
        [.. Alternating.Select(each => (each.IsJava, HoldLog.Share))], [[0, 1], [2], [3], [4], [5]]);

    private async Task PlayAsync(string recipe, (bool IsJava, string Kind)[] comers, int[][] turns)
    {
        DebianPackages.Require(JavaProgram.IsInstalled, JavaProgram.Packages);
        var root = $"/java_turns_{recipe}";
        await using var coord = CoordSide.Connect();
        await coord.CreateAsync(root);
        await coord.CreateAsync($"{root}/log");

        await program.TalkAsync(cluster, $"turns_{recipe} {root}", async machine =>
        {
            var line = new MixedLine(coord, machine, recipe, root);
            var ending = line.ListenAsync(cluster);
            for (var number = 0; number < comers.Length; number++)
            {
                line.Take(number, comers[number].IsJava, comers[number].Kind);
                if (number < turns[0].Length)
                    await line.GrantedAsync(number, ending);

                // Who has a permit has left the line.
                var gone = recipe == "semaphore" ? CoordSide.Permits : 0;
                await line.UntilStandingAsync(Math.Max(0, number + 1 - gone));
            }

            if (recipe == "semaphore")
                await ServePermitsAsync(line, comers.Length, ending);
            else
                await ServeAsync(line, turns, ending);
            machine.Say("end");
            await ending;
        });

        var log = await HoldLog.ReadAsync(coord, root);
        HoldLog.AssertExcluded(log, CoordSide.Permits);
        HoldLog.AssertInOrder(log);
        Assert.Equal(comers.Length, log.Count(line => line.IsEnter));
        Assert.Equal(comers.Count(each => each.IsJava), HoldLog.Holds(log, "java"));
    }

    /// <summary>
    /// One permit at a time goes on, and its next holder has entered before another is given back: of two that enter at
    /// once, either may come first in the log.
    /// </summary>
    private static async Task ServePermitsAsync(MixedLine line, int comers, Task ending)
    {
        for (var number = 0; number < comers; number++)
        {
            await line.GiveAsync(number);
            if (number + CoordSide.Permits < comers)
                await line.GrantedAsync(number + CoordSide.Permits, ending);
        }
    }

    /// <summary>Everybody of a turn holds before anybody of it gives back.</summary>
    private static async Task ServeAsync(MixedLine line, int[][] turns, Task ending)
    {
        foreach (var turn in turns)
        {
            foreach (var number in turn)
                await line.GrantedAsync(number, ending);
            foreach (var number in turn)
                await line.GiveAsync(number);
        }
    }
}
