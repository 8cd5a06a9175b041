using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Counters under lost replies: never a silent double count (client-sdk.md 11.1).</summary>
public sealed class CounterFaultTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2);

    public void Dispose() => cluster.Dispose();

    [Theory]
    [InlineData(OpCode.Create2, FaultKind.DropReply)]
    [InlineData(OpCode.Create2, FaultKind.DropRequest)]
    [InlineData(OpCode.SetData, FaultKind.DropReply)]
    [InlineData(OpCode.SetData, FaultKind.DropRequest)]
    [InlineData(OpCode.SetData, FaultKind.HoldBack)]
    public async Task An_add_whose_reply_is_lost_counts_once(OpCode step, FaultKind kind)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        if (step == OpCode.SetData)
            await counter.AddAsync(5).Soon();
        var fault = cluster.On(step, kind);

        var value = await counter.AddAsync(1).Soon();
        if (kind == FaultKind.HoldBack)
            fault.Deliver();

        Assert.Equal(step == OpCode.SetData ? 6 : 1, value);
        Assert.Equal(value, await counter.GetAsync().Soon());
    }

    /// <summary>Acceptance scenario 11: the loser cannot take the winner's 6 for its own.</summary>
    [Fact]
    public async Task Two_writers_from_5_to_6_make_7_though_the_losers_reply_is_lost()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await using var other = new CoordClient(cluster.ConnectionString);
        var loser = new DistributedCounter(coord, "/c");
        await loser.AddAsync(5).Soon();
        var fault = cluster.On(OpCode.SetData, FaultKind.HoldBack);
        cluster.RefusesHandshakes = false;
        var losing = loser.AddAsync(1).AsTask();
        await fault.Hit.Soon();
        var winner = new DistributedCounter(other, "/c");

        await winner.AddAsync(1).Soon();
        await losing.Soon();
        fault.Deliver();

        Assert.Equal(7, await winner.GetAsync().Soon());
    }

    [Fact]
    public async Task A_write_of_a_lost_session_is_resolved_by_its_tag_in_the_next()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        cluster.RefusesHandshakes = true;
        var fault = cluster.On(OpCode.SetData, FaultKind.DropReply);
        var adding = counter.AddAsync(1).AsTask();
        await fault.Hit.Soon();
        await coord.WaitForAsync(SessionState.Suspended);
        cluster.Expire(coord.Session.Id.Value);
        cluster.RefusesHandshakes = false;

        Assert.Equal(6, await adding.Soon());
        Assert.Equal(6, await counter.GetAsync().Soon());
    }

    [Fact]
    public async Task A_foreign_writer_that_cuts_the_tags_makes_the_outcome_unknown()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new DistributedCounter(coord, "/c");
        await counter.AddAsync(5).Soon();
        cluster.RefusesHandshakes = true;
        var fault = cluster.On(OpCode.SetData, FaultKind.DropReply);
        var adding = counter.AddAsync(1).AsTask();
        await fault.Hit.Soon();
        await coord.WaitForAsync(SessionState.Suspended);
        cluster.Edit(tree => tree.Set("/c", [0, 0, 0, 0, 0, 0, 0, 100], -1));
        cluster.RefusesHandshakes = false;

        var error = await Assert.ThrowsAsync<OutcomeUnknownException>(() => adding.Soon());

        Assert.Equal(Outcome.Unknown, error.Outcome);
        Assert.Equal(100, await counter.GetAsync().Soon());
    }

    /// <summary>
    /// Acceptance scenario 10: with replies lost at random the value equals the adds that were acknowledged.
    /// </summary>
    [Fact]
    public async Task Every_acknowledged_add_counts_exactly_once_under_random_losses()
    {
        const int Clients = 50;
        const int AddsEach = 4;
        var random = new Random(7);
        var clients = Enumerable.Range(0, Clients).Select(_ => new CoordClient(cluster.ConnectionString)).ToList();
        await Task.WhenAll(clients.Select(client => client.ConnectAsync().Soon()));
        cluster.Randomly(op => op is OpCode.SetData or OpCode.Create2 && random.Next(5) == 0
            ? random.Next(2) == 0 ? FaultKind.DropReply : FaultKind.DropRequest
            : null);
        long acknowledged = 0;
        long unknown = 0;

        await Task.WhenAll(clients.Select(async client =>
        {
            var counter = new DistributedCounter(client, "/c");
            for (var i = 0; i < AddsEach; i++)
            {
                try
                {
                    await counter.IncrementAsync();
                    Interlocked.Increment(ref acknowledged);
                }
                catch (CoordException e) when (e.Outcome == Outcome.Unknown)
                {
                    Interlocked.Increment(ref unknown);
                }
            }
        })).WaitAsync(TimeSpan.FromMinutes(2));
        cluster.Randomly(null);
        var value = await new DistributedCounter(clients[0], "/c").GetAsync().Soon();
        foreach (var client in clients)
            await client.DisposeAsync().Soon();

        Assert.InRange(value, acknowledged, acknowledged + unknown);
        Assert.Equal(Clients * AddsEach, acknowledged + unknown);
        Assert.True(acknowledged > Clients * AddsEach / 2, $"only {acknowledged} were resolved");
    }
}
