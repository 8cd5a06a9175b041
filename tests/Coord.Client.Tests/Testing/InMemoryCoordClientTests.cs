using System.Runtime.CompilerServices;
using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>One client and a node that nobody sees: both work, and both end with the client.</summary>
public sealed class InMemoryCoordClientTests
{
    private static readonly CoordClientOptions Wrong = new() { MaxInFlight = 0 };

    [Fact]
    public async Task It_is_the_real_client_on_a_node()
    {
        await using var coord = await InMemoryCoordClient.StartAsync(new() { ClientName = "alone" }).Soon();
        Assert.Equal(SessionState.Idle, coord.State);

        await coord.CreateAsync("/a", new byte[] { 7 }).Soon();
        await using var view = coord.WithChroot("/a");
        await using var held = await new DistributedMutex(view, "/lock").AcquireAsync().Soon();

        Assert.Equal([7], (await coord.GetAsync("/a").Soon()).Bytes.ToArray());
        Assert.NotNull(await coord.ExistsAsync("/a/lock").Soon());
        Assert.Equal(HandleState.Held, held.State);
        Assert.True(coord.Features.HasSessionProof);
        Assert.Equal("alone", coord.ClientName);
    }

    [Fact]
    public async Task Two_of_them_know_nothing_of_each_other()
    {
        await using var one = await InMemoryCoordClient.StartAsync().Soon();
        await using var other = await InMemoryCoordClient.StartAsync().Soon();

        await one.CreateAsync("/a").Soon();
        Assert.Null(await other.ExistsAsync("/a").Soon());
        await one.DisposeAsync().Soon();

        await other.CreateAsync("/a").Soon();
        Assert.NotSame(one.TimeProvider, other.TimeProvider);
    }

    [Fact]
    public async Task Its_node_ends_with_it()
    {
        var cluster = await CoordTestCluster.StartAsync().Soon();
        var coord = InMemoryCoordClient.MakeOwner(cluster, null);
        await coord.CreateAsync("/a").Soon();
        var live = cluster.InProcess.Look(() => cluster.Faults.EntranceOf(coord).Live)!;
        Assert.Equal(2, cluster.InProcess.Entrances().Count);

        await coord.DisposeAsync().Soon();
        await live.Ended.Soon();

        Assert.Empty(cluster.InProcess.Entrances());
    }

    /// <summary>A thread, a timer or a socket that went on would keep the node's time in memory.</summary>
    [Fact]
    public async Task Nothing_of_it_is_left_when_it_is_disposed() =>
        await CollectAsync(await UseAsync());

    [Fact]
    public async Task A_client_that_was_never_used_leaves_nothing_either() =>
        await CollectAsync(await MakeAndDisposeAsync());

    [Fact]
    public async Task Nothing_is_left_when_the_client_cannot_be_made() =>
        await CollectAsync(await FailAsync());

    [Fact]
    public async Task Time_that_the_test_moves_while_it_is_disposed_holds_nobody_up()
    {
        for (var i = 0; i < 20; i++)
        {
            var coord = await InMemoryCoordClient.StartAsync().Soon();
            await coord.ConnectAsync().Soon();
            var time = Assert.IsType<FakeTimeProvider>(coord.TimeProvider);
            var leaving = coord.DisposeAsync().AsTask();
            await Task.Run(() =>
            {
                while (!leaving.IsCompleted)
                    time.Advance(TimeSpan.FromSeconds(2));
            }).Soon();
        }
    }

    [Fact]
    public async Task Wrong_options_are_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => InMemoryCoordClient.StartAsync(Wrong));

    [Fact]
    public async Task Who_has_cancelled_gets_none() =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => InMemoryCoordClient.StartAsync(ct: new CancellationToken(canceled: true)));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAsync()
    {
        await using var coord = await InMemoryCoordClient.StartAsync().Soon();
        await coord.CreateAsync("/a").Soon();
        return new WeakReference(coord.TimeProvider);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> MakeAndDisposeAsync()
    {
        await using var coord = await InMemoryCoordClient.StartAsync().Soon();
        return new WeakReference(coord.TimeProvider);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> FailAsync()
    {
        var cluster = await CoordTestCluster.StartAsync().Soon();
        Assert.Throws<ArgumentException>(() => InMemoryCoordClient.MakeOwner(cluster, Wrong));
        return new WeakReference(cluster.Time);
    }

    // Threads end a moment after they are told to.
    private static async Task CollectAsync(WeakReference time)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (time.IsAlive)
        {
            limit.Token.ThrowIfCancellationRequested();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }
    }
}
