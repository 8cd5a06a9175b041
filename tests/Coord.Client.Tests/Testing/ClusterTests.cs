using System.Net;
using System.Net.Sockets;
using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>The cluster of the test kit: real nodes, whose time and life are the test's.</summary>
public sealed class ClusterTests
{
    private static readonly CoordTestClusterOptions Standing = new() { TimeStandsStill = true };
    private static readonly CoordClientOptions Shared = new() { ClientName = "shared" };

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task Clients_share_a_tree(int nodes, bool asZooKeeper)
    {
        await using var cluster = await CoordTestCluster.StartAsync(nodes, new() { AsZooKeeper = asZooKeeper });
        await using var one = cluster.CreateClient();
        await using var other = cluster.CreateClient();

        await one.CreateAsync("/a", new byte[] { 7 }).Soon();

        Assert.Equal([7], (await other.GetAsync("/a", ReadOptions.Fresh).Soon()).Bytes.ToArray());
        Assert.Equal(!asZooKeeper, one.Features.HasSessionProof);
        Assert.Equal(nodes, cluster.Nodes.Count);
    }

    [Fact]
    public async Task Time_runs_unless_it_is_to_stand_still()
    {
        await using var running = await CoordTestCluster.StartAsync();
        await using var standing = await CoordTestCluster.StartAsync(1, Standing);

        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(30), running.Time);
        using var never = new CancellationTokenSource(TimeSpan.FromMilliseconds(30), standing.Time);
        await soon.Token.WaitAsync();

        Assert.False(never.IsCancellationRequested);
        standing.Time.Advance(TimeSpan.FromMilliseconds(30));
        Assert.True(never.IsCancellationRequested);
    }

    [Fact]
    public async Task Time_that_passes_keeps_sessions_and_time_that_jumps_ends_them()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3, Standing);
        await using var coord = cluster.CreateClient();
        await coord.CreateAsync("/e", default, new CreateOptions { Mode = CreateMode.Ephemeral }).Soon();
        var session = coord.Session;

        await cluster.PassAsync(3 * session.NegotiatedTimeout).Soon();
        Assert.False(session.IsLost);
        Assert.NotNull(await coord.ExistsAsync("/e").Soon());

        cluster.Time.Advance(3 * session.NegotiatedTimeout);
        Assert.True(session.IsLost);
        await cluster.PassAsync(coord.WaitForAsync(SessionState.Connected)).Soon();
        Assert.Null(await coord.ExistsAsync("/e").Soon());
    }

    [Fact]
    public async Task An_expired_session_takes_its_ephemerals_and_its_handles()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3);
        await using var coord = cluster.CreateClient();
        await using var next = cluster.CreateClient();
        var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();

        await cluster.ExpireAsync(coord).Soon();
        await using var granted = await new DistributedMutex(next, "/lock").AcquireAsync().Soon();
        await held.LostToken.WaitAsync();

        Assert.True(granted.Token > held.Token);
        Assert.Equal(HandleState.Lost, held.State);
    }

    [Fact]
    public async Task A_leader_that_is_killed_takes_no_session_and_no_write_with_it()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3);
        await using var coord = cluster.CreateClient();
        await coord.CreateAsync("/e", default, new CreateOptions { Mode = CreateMode.Ephemeral }).Soon();
        var (session, killed) = (coord.Session, cluster.Leader);

        await killed.KillAsync().Soon();
        await coord.SetAsync("/e", new byte[1], 0).Soon();
        await killed.RestartAsync().Soon();

        Assert.NotSame(killed, cluster.Leader);
        Assert.Same(session, coord.Session);
        await using var there = cluster.CreateClient(null, killed);
        Assert.Equal(1, (await there.GetAsync("/e", ReadOptions.Fresh).Soon()).Stat.Version);
    }

    [Fact]
    public async Task All_nodes_started_again_hold_what_they_held()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3);
        await using var coord = cluster.CreateClient();
        await coord.CreateAsync("/a").Soon();

        foreach (var node in cluster.Nodes)
            await node.KillAsync().Soon();
        Assert.Throws<InvalidOperationException>(() => cluster.Leader);
        foreach (var node in cluster.Nodes)
            await node.RestartAsync().Soon();

        Assert.NotNull(await coord.ExistsAsync("/a", ReadOptions.Fresh).Soon());
    }

    /// <summary>A follower that is cut off answers reads from what it knows.</summary>
    [Fact]
    public async Task An_isolated_follower_is_stale_until_it_is_back()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3, Standing);
        var follower = cluster.Nodes.First(node => !node.IsLeader);
        await using var behind = cluster.CreateClient(null, follower);
        await using var coord = cluster.CreateClient(null, cluster.Leader);
        await coord.CreateAsync("/a").Soon();
        await behind.SyncAsync().Soon();

        follower.Isolate();
        await coord.SetAsync("/a", new byte[1], 0).Soon();
        Assert.Equal(0, (await behind.GetAsync("/a").Soon()).Stat.Version);

        follower.Rejoin();
        await cluster.PassAsync(TimeSpan.FromSeconds(1)).Soon();
        Assert.Equal(1, (await behind.GetAsync("/a", ReadOptions.Fresh).Soon()).Stat.Version);
    }

    [Fact]
    public async Task Clusters_that_make_clients_from_one_options_object_at_once_leave_it_alone()
    {
        await using var one = await CoordTestCluster.StartAsync(1, Standing);
        await using var other = await CoordTestCluster.StartAsync(1, Standing);

        static async Task MakeAsync(CoordTestCluster cluster)
        {
            for (var i = 0; i < 100; i++)
            {
                await using var coord = cluster.CreateClient(Shared);
                Assert.Same(cluster.Time, coord.TimeProvider);
                Assert.Null(Shared.TimeProvider);
            }
        }

        await Task.WhenAll(Task.Run(() => MakeAsync(one)), Task.Run(() => MakeAsync(other))).Soon();
    }

    [Fact]
    public async Task The_addresses_of_a_client_close_with_it()
    {
        await using var cluster = await CoordTestCluster.StartAsync(3);
        using var log = new LogProbe();
        var coord = cluster.CreateClient(new() { LoggerFactory = log });
        cluster.Faults.ShutOut(coord);
        var connecting = coord.ConnectAsync().AsTask();
        HashSet<IPEndPoint> addresses = [];
        while (addresses.Count < 3)
        {
            var line = await log.WaitForAsync("127.0.0.1:");
            if (IPEndPoint.TryParse(line.Split(": ")[0], out var address))
                addresses.Add(address);
        }

        cluster.Faults.Heal(coord);
        await connecting.Soon();
        Assert.DoesNotContain(addresses, IsClosed);
        await coord.DisposeAsync().Soon();

        // Another program may listen on one of them by now, but not on all.
        Assert.Contains(addresses, IsClosed);
    }

    [Fact]
    public async Task A_cluster_forgets_the_addresses_of_a_client_that_is_gone_and_knows_what_it_did()
    {
        await using var cluster = await CoordTestCluster.StartAsync();
        var before = cluster.InProcess.Entrances();
        var coord = cluster.CreateClient();
        await coord.CreateAsync("/a").Soon();
        var live = LiveOf(cluster, coord);

        await coord.DisposeAsync().Soon();
        await live.Ended.Soon();

        Assert.Equal(before, cluster.InProcess.Entrances());
        Assert.Equal(1, cluster.Faults.CountOf(RequestKind.Create, coord));
        cluster.Faults.Heal(coord);
    }

    [Fact]
    public async Task A_request_that_its_client_left_on_the_way_is_lost_with_the_node()
    {
        var later = TimeSpan.FromMinutes(1);
        await using var cluster = await CoordTestCluster.StartAsync(1, Standing);
        var before = cluster.InProcess.Entrances();
        var coord = cluster.CreateClient();
        await coord.ConnectAsync().Soon();
        var live = LiveOf(cluster, coord);
        var fault = cluster.Faults.Delay(RequestKind.Create, later, coord);
        var creating = coord.CreateAsync("/a").AsTask();
        await cluster.Time.TimerAsync(length => length == later).Soon();
        var leaving = coord.DisposeAsync().AsTask();
        var patience = await cluster.Time.TimerAsync(length => length == TimeSpan.FromSeconds(2)).Soon();
        cluster.Time.Advance(patience);
        await leaving.Soon();
        await Assert.ThrowsAnyAsync<CoordException>(() => creating.Soon());
        Assert.False(live.Ended.IsCompleted);

        await cluster.Leader.KillAsync().Soon();

        await Assert.ThrowsAsync<TaskCanceledException>(() => fault.Hit.Soon());
        await live.Ended.Soon();
        Assert.Equal(before, cluster.InProcess.Entrances());
    }

    [Fact]
    public async Task What_only_a_cluster_in_the_process_can_do_is_refused_elsewhere()
    {
        await using var cluster = await CoordTestCluster.StartAsync();
        await using var existing = CoordTestCluster.UseExisting(cluster.ConnectionString);
        await using var coord = existing.CreateClient();

        await coord.CreateAsync("/a").Soon();

        Assert.False(existing.IsInProcess);
        Assert.Throws<NotSupportedException>(() => existing.Faults);
        Assert.Throws<NotSupportedException>(() => existing.Time);
        Assert.Throws<NotSupportedException>(() => existing.Nodes);
        Assert.Throws<NotSupportedException>(() => existing.Leader);
        Assert.Throws<NotSupportedException>(() => { _ = existing.ExpireAsync(coord); });
        await Assert.ThrowsAsync<NotSupportedException>(() => existing.PassAsync(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Wrong_arguments_are_refused()
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => CoordTestCluster.StartAsync(0));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => CoordTestCluster.StartAsync(8));
        Assert.Throws<ArgumentException>(() => CoordTestCluster.UseExisting("nowhere:0"));
        await using var cluster = await CoordTestCluster.StartAsync();
        await using var another = await CoordTestCluster.StartAsync();
        await using var stranger = new CoordClient(cluster.ConnectionString);
        await using var coord = cluster.CreateClient();

        Assert.Throws<ArgumentException>(() => cluster.CreateClient(null, another.Leader));
        Assert.Throws<ArgumentException>(() => cluster.Faults.Cut(stranger));
        Assert.Throws<ArgumentNullException>(() => cluster.Faults.Partition(null!));
        Assert.Throws<ArgumentException>(
            () => cluster.Faults.DropNextReply(coord, RequestKind.Multi, path => path == "/a"));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => cluster.Faults.Delay(RequestKind.Set, TimeSpan.FromSeconds(-1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => cluster.Faults.DropAtRandom(1.1, 1, RequestKind.Set));
        Assert.Throws<InvalidOperationException>(cluster.Faults.DropNextReply(coord, RequestKind.Set).Deliver);
        await Assert.ThrowsAsync<InvalidOperationException>(() => cluster.ExpireAsync(coord));
    }

    private static TestConnection LiveOf(CoordTestCluster cluster, CoordClient coord) =>
        cluster.InProcess.Look(() => cluster.Faults.EntranceOf(coord).Live)!;

    private static bool IsClosed(IPEndPoint address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(address);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
