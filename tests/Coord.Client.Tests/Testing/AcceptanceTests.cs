using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>
/// Acceptance scenarios that need nodes which judge by themselves: who ends sessions, and what arrives late, is decided
/// by the servers' own code. Probes judge the clients.
/// </summary>
public sealed class AcceptanceTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan SessionTimeout = TimeSpan.FromSeconds(4);
    private static readonly CoordTestClusterOptions Standing = new() { TimeStandsStill = true };

    /// <summary>
    /// Acceptance scenario 3: cut off at any moment, with a clock that runs up to a tenth too fast or too slow, a
    /// holder lets go before the servers let anybody else in.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_holder_that_is_cut_off_lets_go_before_the_next_begins(bool asZooKeeper)
    {
        await using var cluster =
            await CoordTestCluster.StartAsync(1, new() { TimeStandsStill = true, AsZooKeeper = asZooKeeper });
        var random = new Random(3);
        var probe = new ExclusionProbe();
        for (var run = 0; run < 15; run++)
        {
            var clock = new FakeTimeProvider();
            var rate = 0.9 + (0.2 * random.NextDouble());
            await using var holder = cluster.CreateClient(OptionsOn(clock));
            await RunAsync(
                cluster, (holder, clock, rate), random.Next(150), probe, () => cluster.Faults.Partition(holder));
            cluster.Faults.Heal(holder);
        }

        probe.Verify();
        Assert.Equal(30, probe.Sections);
    }

    /// <summary>Shows that the scenario can fail: the margin is there for clocks that run too slowly.</summary>
    [Fact]
    public async Task A_slow_clock_without_a_margin_is_caught_by_the_same_scenario()
    {
        await using var cluster = await CoordTestCluster.StartAsync(1, Standing);
        var clock = new FakeTimeProvider();
        var options = OptionsOn(clock);
        options.SessionDeadlineMargin = 0;
        await using var holder = cluster.CreateClient(options);

        await Assert.ThrowsAsync<ProbeFailedException>(() => RunAsync(
            cluster, (holder, clock, 0.9), 50, new ExclusionProbe(), () => cluster.Faults.Partition(holder)));

        cluster.Faults.Heal(holder);
    }

    /// <summary>
    /// Acceptance scenario 4: a follower that has lost the leader goes on answering, and proves nothing by it.
    /// </summary>
    [Fact]
    public async Task A_follower_that_lost_its_leader_keeps_no_lock_alive()
    {
        var random = new Random(4);
        for (var run = 0; run < 5; run++)
        {
            var probe = new ExclusionProbe();
            await using var cluster = await CoordTestCluster.StartAsync(3, Standing);
            var follower = cluster.Nodes.First(node => !node.IsLeader);
            var clock = new FakeTimeProvider();
            var rate = 0.9 + (0.2 * random.NextDouble());
            await using var holder = cluster.CreateClient(OptionsOn(clock), follower);

            await RunAsync(cluster, (holder, clock, rate), random.Next(150), probe, follower.Isolate);

            probe.Verify();
            Assert.Equal(2, probe.Sections);
        }
    }

    /// <summary>
    /// Acceptance scenario 5: lost is the first thing that a process learns which stood still for too long; what it
    /// still does is refused by the tree and by whoever looks at tokens.
    /// </summary>
    [Fact]
    public async Task A_holder_that_stood_still_is_refused_everywhere()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3, Standing);
        var clock = new FakeTimeProvider();
        await using var holder = cluster.CreateClient(OptionsOn(clock));
        await using var next = cluster.CreateClient(OptionsOn(cluster.Time));
        await holder.CreateAsync("/a").Soon();
        await using var held = await new DistributedMutex(holder, "/lock").AcquireAsync().Soon();
        var guarded = held.CreateMulti().Set("/a", new byte[1], 0);
        var store = new FencingGuard();
        Assert.True(store.TryPass(held.Token));

        cluster.Faults.Silence(holder); // A process that stands still neither sends nor reads.
        clock.Suspend(2 * SessionTimeout);
        var waiting = new DistributedMutex(next, "/lock").AcquireAsync().AsTask();
        await cluster.PassAsync(waiting).Soon();
        await using var granted = await waiting;
        Assert.True(store.TryPass(granted.Token));
        cluster.Faults.Heal(holder);

        Assert.Equal(HandleState.Lost, held.State);
        await Assert.ThrowsAsync<LockLostException>(() => guarded.CommitAsync().Soon());
        Assert.False(store.TryPass(held.Token));
        Assert.Equal(0, (await next.GetAsync("/a").Soon()).Stat.Version);
    }

    /// <summary>Acceptance scenario 10, on nodes that know requests again, and as on ZooKeeper.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_counter_counts_once_over_lost_replies_and_leaders(bool asZooKeeper)
    {
        const int Clients = 6;
        const int AddsEach = 8;
        await using var cluster = await CoordTestCluster.StartAsync(3, new() { AsZooKeeper = asZooKeeper });
        var clients = Enumerable.Range(0, Clients)
            .Select(_ => cluster.CreateClient(new() { RequestTimeout = TimeSpan.FromMinutes(5) })).ToList();
        var probe = new CounterProbe();
        cluster.Faults.DropAtRandom(0.1, 10, RequestKind.Set, RequestKind.Create, RequestKind.Multi);

        var adding = Task.WhenAll(clients.Select(async client =>
        {
            var counter = new DistributedCounter(client, "/c");
            for (var i = 0; i < AddsEach; i++)
                await probe.AddAsync(1, () => counter.AddAsync(1));
        }));
        await cluster.Leader.KillAsync().Soon();
        await adding.Soon();
        cluster.Faults.DropAtRandom(0, 0);
        var final = await new DistributedCounter(clients[0], "/c").GetAsync().Soon();
        foreach (var client in clients)
            await client.DisposeAsync().Soon();

        probe.Verify(final);
        Assert.Equal(Clients * AddsEach, probe.Acknowledged + probe.Unknown);
        Assert.True(probe.Acknowledged > 0);
    }

    /// <summary>Acceptance scenario 23: what a server refuses has its exception, and the session stays.</summary>
    [Fact]
    public async Task A_server_that_may_only_read_and_one_that_forbids_keep_the_session()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3, Standing);
        var follower = cluster.Nodes.First(node => !node.IsLeader);
        await using var coord = cluster.CreateClient(new() { AllowReadOnly = true }, follower);
        await coord.CreateAsync("/mine", default, new CreateOptions { Acl = Acls.ReadOnlyToAll }).Soon();
        var session = coord.Session;

        await Assert.ThrowsAsync<NoAuthException>(() => coord.SetAsync("/mine", new byte[1], 0).Soon());
        Assert.Same(session, coord.Session);

        follower.Isolate();
        await cluster.PassAsync(TimeSpan.FromSeconds(3)).Soon();
        await PassUntilAsync(cluster, coord, SessionState.ConnectedReadOnly);
        Assert.NotNull(await coord.ExistsAsync("/mine").Soon());
        await Assert.ThrowsAsync<NotReadOnlyException>(() => coord.CreateAsync("/b").Soon());

        follower.Rejoin();
        await cluster.PassAsync(TimeSpan.FromSeconds(1)).Soon();
        await PassUntilAsync(cluster, coord, SessionState.Connected);
        await coord.CreateAsync("/b").Soon();
    }

    private static CoordClientOptions OptionsOn(TimeProvider clock) => new()
    {
        SessionTimeout = SessionTimeout,
        RequestTimeout = TimeSpan.FromHours(1),
        TimeProvider = clock,
    };

    private static Task PassUntilAsync(CoordTestCluster cluster, CoordClient client, SessionState state) =>
        cluster.PassAsync(client.WaitForAsync(state)).Soon();

    /// <summary>
    /// A holder and one that waits, at the leader; the holder's clock runs at its own rate, and first in each step.
    /// </summary>
    private static async Task RunAsync(
        CoordTestCluster cluster, (CoordClient Client, FakeTimeProvider Clock, double Rate) holder, int stepsBefore,
        ExclusionProbe probe, Action cut)
    {
        await using var next = cluster.CreateClient(OptionsOn(cluster.Time), cluster.Leader);
        var held = await new DistributedMutex(holder.Client, "/lock").AcquireAsync().Soon();
        using var section = probe.Enter(held);
        var waiting = new DistributedMutex(next, "/lock").AcquireAsync().AsTask();

        async Task<bool> IsThereAfterStepAsync()
        {
            holder.Clock.Advance(Step * holder.Rate);
            cluster.Time.Advance(Step);
            await next.SyncAsync().Soon();
            return await next.ExistsAsync(held.Path).Soon() is not null;
        }

        for (var i = 0; i < stepsBefore; i++)
        {
            Assert.True(await IsThereAfterStepAsync());
            await holder.Client.SyncAsync().Soon();
        }

        Assert.False(waiting.IsCompleted);
        cut();
        while (await IsThereAfterStepAsync())
        {
            // Until the servers have let the holder go.
        }

        // The holder's clock stands still then: it has to have let go by this moment, however long the next takes.
        await cluster.PassAsync(waiting).Soon();
        await using var granted = await waiting;
        await probe.RunAsync(granted);
    }
}
