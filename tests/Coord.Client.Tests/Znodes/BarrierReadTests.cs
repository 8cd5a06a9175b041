using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Fresh and linearizable reads, where a read can ask for the barrier itself.</summary>
public sealed class BarrierReadTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2) { Features = "session-proof read-barrier" };

    public void Dispose() => cluster.Dispose();

    [Theory]
    [InlineData(ReadConsistency.Fresh)]
    [InlineData(ReadConsistency.Linearizable)]
    public async Task A_read_is_one_request(ReadConsistency consistency)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a", new byte[3]).Soon();
        var read = new ReadOptions { Consistency = consistency };
        var syncs = cluster.SeenOf(OpCode.Sync);

        Assert.Equal(3, (await coord.GetAsync("/a", read).Soon()).Bytes.Length);
        Assert.NotNull(await coord.ExistsAsync("/a", read).Soon());
        Assert.Null(await coord.TryGetAsync("/b", read).Soon());
        Assert.Equal(["a"], (await coord.GetChildrenAsync("/", read).Soon()).Names);

        Assert.Equal((syncs, 4), (cluster.SeenOf(OpCode.Sync), cluster.SeenOf(OpCode.BarrierRead)));
    }

    [Fact]
    public async Task A_read_whose_reply_is_lost_is_sent_again()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a", new byte[3]).Soon();
        cluster.On(OpCode.GetData, FaultKind.DropReply);

        Assert.Equal(3, (await coord.GetAsync("/a", ReadOptions.Fresh).Soon()).Bytes.Length);
        Assert.Equal(2, cluster.SeenOf(OpCode.BarrierRead));
    }

    /// <summary>A server that does not announce it is never sent it.</summary>
    [Theory]
    [InlineData("session-proof")]
    [InlineData(null)]
    public async Task A_read_goes_on_behind_a_sync_or_a_write_where_no_barrier_is_known(string? features)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a", new byte[3]).Soon();
        cluster.RefusesHandshakes = true;
        var fault = cluster.On(OpCode.GetData, FaultKind.DropReply);
        var reading = coord.GetAsync("/a", ReadOptions.Linearizable).AsTask();
        await fault.Hit.Soon();
        await coord.WaitForAsync(SessionState.Suspended);
        var unsent = coord.GetAsync("/a", ReadOptions.Linearizable).AsTask();
        var (syncs, multis) = (cluster.SeenOf(OpCode.Sync), cluster.SeenOf(OpCode.Multi));
        cluster.Features = features;
        cluster.RefusesHandshakes = false;

        Assert.Equal(3, (await reading.Soon()).Bytes.Length);
        Assert.Equal(3, (await unsent.Soon()).Bytes.Length);

        Assert.Equal(1, cluster.SeenOf(OpCode.BarrierRead));
        Assert.Equal(
            features is null ? (syncs, multis + 2) : (syncs + 2, multis),
            (cluster.SeenOf(OpCode.Sync), cluster.SeenOf(OpCode.Multi)));
    }

    [Fact]
    public async Task A_server_without_a_quorum_is_told_apart()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a").Soon();
        cluster.Refuse(OpCode.GetData, ErrorCode.NotReadOnly);

        await Assert.ThrowsAsync<NotReadOnlyException>(() => coord.GetAsync("/a", ReadOptions.Fresh).Soon());
    }
}
