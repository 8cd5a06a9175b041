using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Reservations under lost replies: units neither lost nor doubled (client-sdk.md 11.5).</summary>
public sealed class ReservationFaultTests : IDisposable
{
    private const string Path = "/s";

    private readonly ScriptedCluster cluster = new(nodes: 2);

    public void Dispose() => cluster.Dispose();

    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    [InlineData(FaultKind.HoldBack)]
    public async Task A_reservation_whose_reply_is_lost_is_made_once(FaultKind kind)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var stock = await FillAsync(coord, 5);
        var fault = OnMulti(kind);

        var units = (await stock.TryReserveAsync(2).Soon())!;
        if (kind == FaultKind.HoldBack)
            fault.Deliver();

        Assert.Equal(new StockState(5, 0, 2), await stock.GetStateAsync().Soon());
        Assert.Equal([ZnodePath.Name(units.Path)], cluster.Look(tree => tree.ChildrenOf(Path).ToList()));
    }

    /// <summary>Acceptance scenario 15: the reply to the commit is lost, the session is kept.</summary>
    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    [InlineData(FaultKind.HoldBack)]
    public async Task A_commit_whose_reply_is_lost_sells_once(FaultKind kind)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var stock = await FillAsync(coord, 5);
        await using var units = (await stock.TryReserveAsync(2).Soon())!;
        var fault = OnMulti(kind);

        await units.CommitAsync().Soon();
        if (kind == FaultKind.HoldBack)
            fault.Deliver();

        Assert.Equal(new StockState(5, 2, 0), await stock.GetStateAsync().Soon());
    }

    /// <summary>Acceptance scenario 15: the session is lost together with the reply to the commit.</summary>
    [Theory]
    [InlineData(FaultKind.DropReply, true)]
    [InlineData(FaultKind.DropRequest, false)]
    public async Task A_commit_of_a_lost_session_is_known_to_have_happened_or_not(FaultKind kind, bool isSold)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var stock = await FillAsync(coord, 5);
        await using var units = (await stock.TryReserveAsync(2).Soon())!;
        cluster.RefusesHandshakes = true;
        var fault = OnMulti(kind);
        var committing = units.CommitAsync().AsTask();
        await fault.Hit.Soon();
        await coord.WaitForAsync(SessionState.Suspended);
        cluster.Expire(coord.Session.Id.Value);
        cluster.RefusesHandshakes = false;

        if (isSold)
            await committing.Soon();
        else
            await Assert.ThrowsAsync<ReservationLostException>(() => committing.Soon());

        Assert.Equal(new StockState(5, isSold ? 2 : 0, 0), await stock.GetStateAsync().Soon());
    }

    /// <summary>
    /// Acceptance scenario 24: the commit comes late, while the client has given its session up and the server has not.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_commit_of_a_session_given_up_that_comes_late_sells_once(bool comesBeforeTheLook)
    {
        var options = new CoordClientOptions { SessionTimeout = TimeSpan.FromSeconds(2) };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        var stock = await FillAsync(coord, 5);
        await using var units = (await stock.TryReserveAsync(2).Soon())!;
        cluster.RefusesHandshakes = true;
        var fault = OnMulti(FaultKind.HoldBack);
        var committing = units.CommitAsync().AsTask();
        await fault.Hit.Soon();
        await units.LostToken.WaitAsync();

        if (comesBeforeTheLook)
            fault.Deliver();
        cluster.RefusesHandshakes = false;
        await committing.Soon();
        if (!comesBeforeTheLook)
            fault.Deliver();

        Assert.Equal(new StockState(5, 2, 0), await stock.GetStateAsync().Soon());
    }

    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    public async Task Stock_whose_reply_is_lost_is_put_in_once(FaultKind kind)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var stock = await FillAsync(coord, 5);
        OnMulti(kind);

        Assert.True(await stock.TryAddStockAsync(10).Soon());

        Assert.Equal(new StockState(15, 0, 0), await stock.GetStateAsync().Soon());
    }

    /// <summary>The leader's clock decides, which every write tells.</summary>
    [Fact]
    public async Task Expired_durable_reservations_are_taken_back_by_who_needs_them()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var stock = await FillAsync(coord, 5);
        var early = (await stock.TryReserveDurablyAsync(2, TimeSpan.FromSeconds(10)).Soon())!;
        var late = (await stock.TryReserveDurablyAsync(2, TimeSpan.FromSeconds(60)).Soon())!;
        Assert.Null(await stock.TryReserveAsync(2).Soon());

        cluster.Edit(tree => tree.TimeMs += 10_000);

        Assert.NotNull(await stock.TryReserveAsync(2).Soon());
        await Assert.ThrowsAsync<OutcomeUnknownException>(async () =>
        {
            for (var i = 0; i <= LastWrites.Max; i++)
                await stock.TryAddStockAsync(1).Soon();
            await stock.Resume(early.Ticket).CommitAsync().Soon();
        });
        await Assert.ThrowsAsync<ReservationLostException>(() => early.CommitAsync().Soon());
        await late.CommitAsync().Soon();
        Assert.Equal(2, (await stock.GetStateAsync().Soon()).Sold);
    }

    [Fact]
    public async Task What_an_earlier_version_left_tells_that_a_commit_was_made()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var stock = await FillAsync(coord, 5);
        var sold = (await stock.TryReserveDurablyAsync(2, TimeSpan.FromSeconds(60)).Soon())!;
        await sold.CommitAsync().Soon();
        cluster.Edit(tree => tree.Set(Path, EarlierBytes.Of(tree.Find(Path)!.Bytes, trailerAt: 28), -1));

        await stock.Resume(sold.Ticket).CommitAsync().Soon();
        await using var units = (await stock.TryReserveAsync(1).Soon())!;
        await stock.Resume(sold.Ticket).CommitAsync().Soon();

        Assert.Equal(new StockState(5, 2, 1), await stock.GetStateAsync().Soon());
    }

    [Fact]
    public async Task A_root_takes_a_thousand_reservations()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var stock = await FillAsync(coord, 5000);
        cluster.Edit(tree =>
        {
            for (var i = 0; i < ReservationCounter.MaxReservations; i++)
            {
                var path = $"{Path}/{new ReservationName(1, null, Guid.NewGuid())}";
                tree.Create(ref path, [], CreateMode.Persistent, 0);
            }
        });

        var error = await Assert.ThrowsAsync<ReservationLimitException>(() => stock.TryReserveAsync(1).Soon());

        Assert.Equal(Outcome.NotApplied, error.Outcome);
    }

    [Fact]
    public async Task A_version_of_minus_one_is_stepped_past()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var stock = await FillAsync(coord, 5);
        cluster.Edit(tree => tree.Find(Path)!.Version = -1);

        await using var units = (await stock.TryReserveAsync(2).Soon())!;

        Assert.Equal(new StockState(5, 0, 2), await stock.GetStateAsync().Soon());
    }

    [Fact]
    public async Task Bytes_of_another_recipe_are_an_error_and_stay_untouched()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await new DistributedCounter(coord, Path).AddAsync(5).Soon();

        await Assert.ThrowsAsync<ZnodeFormatException>(
            () => new ReservationCounter(coord, Path).TryAddStockAsync(1).Soon());

        Assert.Equal(5, await new DistributedCounter(coord, Path).GetAsync().Soon());
    }

    private static async Task<ReservationCounter> FillAsync(CoordClient coord, long units)
    {
        var stock = new ReservationCounter(coord, Path);
        await stock.TryAddStockAsync(units).Soon();
        return stock;
    }

    // Heartbeats and linearizable reads are multis too.
    private Fault OnMulti(FaultKind kind) => cluster.On(OpCode.Multi, kind, path => path == Path);
}
