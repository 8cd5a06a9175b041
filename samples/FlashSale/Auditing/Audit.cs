using Coord.Client;
using FlashSale.Display;
using FlashSale.Selling;

namespace FlashSale.Auditing;

/// <summary>The audit's own process: reads tree and journals, checks, prints, and says by its exit code.</summary>
internal static class Audit
{
    public static async Task<int> RunAsync(
        string hosts, string journals, int units, int sellers, int failoversMin, CancellationToken ct)
    {
        await using var coord = new CoordClient(hosts);
        var (stockLeft, book, orders) = await new TreeReader(coord).ReadAsync(ct);
        var checks = Auditor.Check(new AuditInput
        {
            Units = units,
            Sellers = sellers,
            FailoversMin = failoversMin,
            StockLeft = stockLeft,
            Book = book,
            Orders = orders,
            Journal = Journal.ReadFolder(journals),
        });
        AuditReport.Print(checks, Terminal.Output);
        return checks.All(c => c.Holds) ? ExitCodes.Passed : ExitCodes.AuditFailed;
    }
}
