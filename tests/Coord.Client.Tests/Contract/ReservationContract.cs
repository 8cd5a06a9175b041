using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>Stock without overselling, the same on every server.</summary>
public abstract class ReservationContract(ClusterFixture cluster) : ClusterContract(cluster)
{
    private string StockPath => At("stock/9");

    [Fact]
    public async Task Units_are_set_aside_sold_and_returned()
    {
        var stock = new ReservationCounter(Coord, StockPath);
        Assert.Null(await stock.TryReserveAsync(1).Soon());
        Assert.Equal(default, await stock.GetStateAsync().Soon());
        Assert.True(await stock.TryAddStockAsync(10).Soon());

        var sold = (await stock.TryReserveAsync(3).Soon())!;
        var returned = (await stock.TryReserveAsync(4).Soon())!;
        Assert.Null(await stock.TryReserveAsync(4).Soon());
        Assert.Equal(new StockState(10, 0, 7), await stock.GetStateAsync().Soon());
        await sold.CommitAsync().Soon();
        await sold.CommitAsync().Soon();
        await sold.DisposeAsync().Soon();
        await returned.DisposeAsync().Soon();

        Assert.Equal(new StockState(10, 3, 0), await stock.GetStateAsync().Soon());
        await Assert.ThrowsAsync<ReservationLostException>(() => returned.CommitAsync().Soon());
        Assert.False(await stock.TryAddStockAsync(-8).Soon());
        Assert.True(await stock.TryAddStockAsync(-7).Soon());
        Assert.Equal(0, (await stock.GetStateAsync().Soon()).Free);
    }

    [Fact]
    public async Task Many_buyers_never_get_more_than_there_is()
    {
        await new ReservationCounter(Coord, StockPath).TryAddStockAsync(20).Soon();

        var bought = await Task.WhenAll(Enumerable.Range(0, 4).Select(async buyer =>
        {
            var stock = new ReservationCounter(Connect(), StockPath);
            var sold = 0;
            for (var i = 0; i < 10; i++)
            {
                await using var units = await stock.TryReserveAsync(1);
                if (units is null || (i + buyer) % 3 == 0)
                    continue;
                await units.CommitAsync();
                sold++;
            }

            return sold;
        })).Soon();

        var state = await new ReservationCounter(Coord, StockPath).GetStateAsync().Soon();
        Assert.Equal(new StockState(20, bought.Sum(), 0), state);
        Assert.True(state.Free >= 0);
    }

    /// <summary>Acceptance scenario 15: the holder ends between reserve and commit.</summary>
    [Fact]
    public async Task What_an_ended_session_had_set_aside_is_free_again()
    {
        var stock = new ReservationCounter(Coord, StockPath);
        await stock.TryAddStockAsync(5).Soon();
        var buyer = Connect();
        var units = (await new ReservationCounter(buyer, StockPath).TryReserveAsync(5).Soon())!;
        Assert.Null(await stock.TryReserveAsync(1).Soon());

        await buyer.DisposeAsync().Soon();

        Assert.True(units.LostToken.IsCancellationRequested);
        Assert.NotNull(await stock.TryReserveAsync(5).Soon());
    }

    [Fact]
    public async Task A_durable_reservation_is_sold_by_who_has_its_ticket()
    {
        var stock = new ReservationCounter(Coord, StockPath);
        await stock.TryAddStockAsync(5).Soon();
        var shop = Connect();
        var made = (await new ReservationCounter(shop, StockPath)
            .TryReserveDurablyAsync(3, TimeSpan.FromHours(1)).Soon())!;
        await shop.DisposeAsync().Soon();

        Assert.Null(await stock.TryReserveAsync(3).Soon());
        await stock.Resume(made.Ticket).CommitAsync().Soon();
        await stock.Resume(made.Ticket).CommitAsync().Soon();

        Assert.Equal(new StockState(5, 3, 0), await stock.GetStateAsync().Soon());
        Assert.False(await stock.Resume(made.Ticket).ReturnAsync().Soon());
    }

    [Fact]
    public async Task A_sharded_stock_sells_all_it_has_and_no_more()
    {
        var stock = ReservationCounter.Sharded(Coord, StockPath, 3);
        await stock.AddStockAsync(10).Soon();

        for (var i = 0; i < 10; i++)
            await (await stock.TryReserveAsync(1).Soon())!.CommitAsync().Soon();

        Assert.Null(await stock.TryReserveAsync(1).Soon());
        Assert.Equal(new StockState(10, 10, 0), await stock.GetStateAsync().Soon());
    }
}
