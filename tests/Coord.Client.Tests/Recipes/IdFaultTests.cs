using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Ids under lost replies: gaps, never duplicates (client-sdk.md 11.2, 11.4).</summary>
public sealed class IdFaultTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2);

    public void Dispose() => cluster.Dispose();

    [Theory]
    [InlineData(FaultKind.DropReply, 3)]
    [InlineData(FaultKind.DropRequest, 2)]
    [InlineData(FaultKind.HoldBack, 2)]
    public async Task A_lost_reply_leaves_a_gap_and_never_a_duplicate(FaultKind kind, int next)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new VersionCounter(coord, "/v");
        Assert.Equal(1, await counter.NextAsync().Soon());
        var fault = cluster.On(OpCode.SetData, kind);

        Assert.Equal(next, await counter.NextAsync().Soon());
        if (kind == FaultKind.HoldBack)
            fault.Deliver();

        Assert.Equal(next + 1, await counter.NextAsync().Soon());
    }

    /// <summary>Acceptance scenario 24: the set of a session given up comes after the next session's.</summary>
    [Fact]
    public async Task A_number_asked_for_in_a_session_given_up_is_taken_in_the_next()
    {
        var options = new CoordClientOptions { SessionTimeout = TimeSpan.FromSeconds(2) };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        var counter = new VersionCounter(coord, "/v");
        Assert.Equal(1, await counter.NextAsync().Soon());
        cluster.RefusesHandshakes = true;
        var fault = cluster.On(OpCode.SetData, FaultKind.HoldBack);
        var taking = counter.NextAsync().AsTask();
        await fault.Hit.Soon();
        await coord.Session.LostToken.WaitAsync();
        cluster.RefusesHandshakes = false;

        Assert.Equal(2, await taking.Soon());
        fault.Deliver();

        Assert.Equal(4, await counter.NextAsync().Soon());
    }

    [Fact]
    public async Task A_version_counter_ends_instead_of_beginning_again()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var counter = new VersionCounter(coord, "/v");
        await counter.NextAsync().Soon();
        cluster.Edit(tree => tree.Find("/v")!.Version = int.MaxValue - 1);

        Assert.Equal(int.MaxValue, await counter.NextAsync().Soon());
        await Assert.ThrowsAsync<CounterExhaustedException>(() => counter.NextAsync().Soon());
        var sets = cluster.SeenOf(OpCode.SetData);
        await Assert.ThrowsAsync<CounterExhaustedException>(() => counter.NextAsync().Soon());

        Assert.Equal(sets, cluster.SeenOf(OpCode.SetData));
    }

    [Fact]
    public async Task The_next_block_is_fetched_when_a_fifth_is_left_and_not_before()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var generator = new BlockIdGenerator(coord, "/ids", blockSize: 10);
        for (var id = 1; id <= 7; id++)
            Assert.Equal(id, await generator.NextAsync().Soon());
        Assert.Equal(1, cluster.SeenOf(OpCode.SetData));

        var ahead = cluster.On(OpCode.SetData, FaultKind.DropReply);
        Assert.Equal(8, await generator.NextAsync().Soon());
        await ahead.Hit.Soon();

        Assert.Equal(9, await generator.NextAsync().Soon());
        Assert.Equal(10, await generator.NextAsync().Soon());
        Assert.Equal(21, await generator.NextAsync().Soon());
    }

    [Fact]
    public async Task Ids_at_hand_are_given_out_while_no_server_answers_and_a_failed_fetch_is_begun_again()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var generator = new BlockIdGenerator(coord, "/ids", blockSize: 4);
        Assert.Equal(1, await generator.NextAsync().Soon());
        for (var i = 0; i < 3; i++)
            cluster.Refuse(OpCode.SetData, ErrorCode.ThrottledOp);

        for (var id = 2; id <= 4; id++)
            Assert.Equal(id, await generator.NextAsync().Soon());
        await Assert.ThrowsAsync<ThrottledException>(async () =>
        {
            while (true)
                await generator.NextAsync().Soon();
        });
        long later;
        while ((later = await NextAsync(generator)) == 0)
        {
        }

        Assert.Equal(5, later);
    }

    private static async Task<long> NextAsync(BlockIdGenerator generator)
    {
        try
        {
            return await generator.NextAsync().Soon();
        }
        catch (ThrottledException)
        {
            return 0;
        }
    }
}
