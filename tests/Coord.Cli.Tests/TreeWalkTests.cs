using System.Collections.Concurrent;
using Coord.Cli.Import;

namespace Coord.Cli.Tests;

/// <summary>Trees are visited as a whole, parents first, and a failure ends the walk.</summary>
public class TreeWalkTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    public async Task Every_path_is_visited_once_and_after_its_parent(int parallel)
    {
        var order = new ConcurrentDictionary<string, int>();
        var visits = 0;
        await TreeWalk.RunAsync("", parallel, async (path, _) =>
        {
            await Task.Yield();
            Assert.True(order.TryAdd(path, Interlocked.Increment(ref visits)));
            return path.Length < 4 ? "abc".Select(letter => path + letter) : [];
        }, TestContext.Current.CancellationToken);

        Assert.Equal(1 + 3 + 9 + 27 + 81, order.Count);
        Assert.All(order.Keys.Where(path => path.Length > 0), path => Assert.True(order[path] > order[path[..^1]]));
    }

    [Fact]
    public async Task The_first_failure_ends_the_walk_and_is_the_one_that_is_told()
    {
        var failed = await Assert.ThrowsAsync<CommandException>(() => TreeWalk.RunAsync("", 8, async (path, ct) =>
        {
            if (path == "b")
                throw new CommandException(ExitCodes.Failed, "this one");
            if (path.Length > 0)
                await Task.Delay(Timeout.InfiniteTimeSpan, ct);
            return path.Length == 0 ? ["a", "b", "c"] : [];
        }, TestContext.Current.CancellationToken));
        Assert.Equal("this one", failed.Message);
    }

    [Fact]
    public async Task Cancelling_ends_the_walk()
    {
        using var cancelling = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => TreeWalk.RunAsync("", 4, async (_, ct) =>
        {
            await cancelling.CancelAsync();
            ct.ThrowIfCancellationRequested();
            return ["never"];
        }, cancelling.Token));
    }
}
