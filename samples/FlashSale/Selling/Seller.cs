using Coord.Client;
using FlashSale.Running;
using FlashSale.Shop;

namespace FlashSale.Selling;

/// <summary>
/// One seller: takes units out of stock, gives them numbers, writes them into the book under its lock, and only then
/// tells the customers, which is what the journal holds.
/// </summary>
internal sealed class Seller(SellerOptions options) : IDisposable
{
    // Orders that one lock section writes: enough to share its cost, few enough that sellers take turns all the time.
    private const int BasketUnits = 8;

    private readonly Pace _pace = new(options.UnitsPerSecond, TimeProvider.System);
    private readonly Journal _journal = new(options.JournalPath);
    private bool _plantDoubleSale = options.PlantDoubleSale;

    public async Task RunAsync(CancellationToken ct)
    {
        await using var coord = new CoordClient(options.Hosts);
        var doors = new Doors(coord);
        var stock = new Stock(coord);
        var numbers = new OrderNumbers(coord);
        var book = new OrderBook(coord, options.Number);

        var sign = await doors.ReadAsync(ct);
        while (sign.IsOpen)
        {
            await Task.Delay(_pace.NextWait(BasketUnits), ct);
            var take = await stock.TakeAsync(BasketUnits, sign.ReserveUnits, ct);
            if (take.IsInDoubt)
            {
                NoteDoubt(take.Units);
            }
            else if (take.Units > 0)
            {
                await SellAsync(take.Units, numbers, book, ct);
            }
            else
            {
                Tell(new SellerReport.Dry(sign.Call));
                sign = await doors.NextAfterAsync(sign, ct);
            }
        }
    }

    public void Dispose() => _journal.Dispose();

    private async Task SellAsync(int units, OrderNumbers numbers, OrderBook book, CancellationToken ct)
    {
        var orders = new long[units];
        for (var i = 0; i < units; i++)
            orders[i] = await numbers.NextAsync(ct);

        var token = await book.WriteAsync(orders, ct);
        var now = NowMs();
        _journal.Append(orders.Select(order => new JournalLine.Sale(now, options.Number, order, token)));
        if (_plantDoubleSale)
        {
            _plantDoubleSale = false;
            _journal.Append(new JournalLine.Sale(now, options.Number, orders[0], token));
        }

        Tell(new SellerReport.Sold(units, now));
    }

    private void NoteDoubt(int units)
    {
        _journal.Append(new JournalLine.Doubt(NowMs(), options.Number, units));
        Tell(new SellerReport.Doubt(units));
    }

    private static void Tell(SellerReport report) => Console.WriteLine(report.Format());

    private static long NowMs() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
}
