using FlashSale.Display;
using FlashSale.Selling;
using FlashSale.Shop;

namespace FlashSale.Running;

/// <summary>
/// The whole evening: cluster up, shop filled, sellers started, leaders killed, shop closed when all is sold, audit.
/// </summary>
internal sealed class Sale(SaleOptions options, string folder)
{
    private const int Nodes = 3;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private string Journals => Path.Combine(folder, "journals");

    public async Task<int> RunAsync(CancellationToken ct)
    {
        Directory.CreateDirectory(Journals);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.TimeLimit);
        var display = SaleDisplay.ForThisTerminal();
        SaleProgress? progress = null;
        try
        {
            display.Say($"Starting three nodes under {folder}; the first time this builds them");
            var port = options.FirstPort ?? FreePorts.FirstFor(Nodes);
            await using var cluster = await LocalCluster.StartAsync(
                options.Launcher, Path.Combine(folder, "cluster"), Nodes, port, limit.Token);
            display.Say($"Cluster ready: {cluster.Hosts}");
            progress = new SaleProgress(options.Units, options.Sellers, TimeProvider.System);
            await display.ShowAsync(progress, SellAsync(cluster, progress, limit.Token));
            display.Say("Sold out. The audit is a process of its own and compares the tree with every journal.");
            return await AuditAsync(cluster, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new SaleException($"Not over after {options.TimeLimit}: {Describe(progress?.Snapshot())}");
        }
    }

    private async Task SellAsync(LocalCluster cluster, SaleProgress progress, CancellationToken ct)
    {
        using var drillJournal = new Journal(Path.Combine(Journals, "failovers.journal"));
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var drillOver = CancellationTokenSource.CreateLinkedTokenSource(failed.Token);
        await using var floor = await ShopFloor.OpenAsync(cluster.Hosts, options.Units, options.ReserveUnits, ct);
        var drill = new FailoverDrill(cluster, progress, drillJournal, options);
        var sellers = new List<SellerProcess>();
        try
        {
            foreach (var number in Enumerable.Range(1, options.Sellers))
                sellers.Add(SellerProcess.Start(number, cluster.Hosts, Journals, options, progress.Report));
            progress.SetStage("open");
            await Task.WhenAll(
                [
                    OrStopAllAsync(UntilSoldAsync(floor, progress, drill, drillOver, failed.Token)),
                    OrStopAllAsync(drill.RunAsync(drillOver.Token)),
                    .. sellers.Select(seller => OrStopAllAsync(EndOfAsync(seller, failed.Token))),
                ]);
        }
        finally
        {
            foreach (var seller in sellers)
                seller.Dispose();
        }

        async Task OrStopAllAsync(Task work)
        {
            try
            {
                await work;
            }
            catch
            {
                await failed.CancelAsync();
                throw;
            }
        }
    }

    // The reserve goes on sale once the failovers have happened. When every seller has run dry, nobody holds a unit in
    // hand: what is missing in the book was taken in an attempt whose outcome stayed unknown, and goes back on sale.
    private async Task UntilSoldAsync(
        ShopFloor floor,
        SaleProgress progress,
        FailoverDrill drill,
        CancellationTokenSource drillOver,
        CancellationToken ct)
    {
        while (!drill.IsEnough)
            await Task.Delay(Look, ct);
        await floor.ReleaseReserveAsync(ct);
        progress.SetStage("last units");
        await UntilAllAreDryAsync(floor, progress, ct);
        await drillOver.CancelAsync();
        while (await floor.ReturnLostUnitsAsync(options.Units, ct) > 0)
            await UntilAllAreDryAsync(floor, progress, ct);
        await floor.CloseAsync(ct);
        progress.SetStage("sold out");
    }

    private static async Task UntilAllAreDryAsync(ShopFloor floor, SaleProgress progress, CancellationToken ct)
    {
        while (!progress.EverySellerIsDryAt(floor.Sign.Call))
            await Task.Delay(Look, ct);
    }

    private static async Task EndOfAsync(SellerProcess seller, CancellationToken ct)
    {
        if (await seller.WaitAsync(ct) is not ExitCodes.Passed and var code)
            throw new SaleException($"Seller {seller.Number} ended with code {code}; its log says why.");
    }

    private async Task<int> AuditAsync(LocalCluster cluster, CancellationToken ct)
    {
        var start = SellerProcess.SelfStart();
        start.RedirectStandardOutput = false;
        start.RedirectStandardError = false;
        string[] words =
        [
            "audit", "--hosts", cluster.Hosts, "--journals", Journals, "--units", $"{options.Units}",
            "--sellers", $"{options.Sellers}", "--failovers", $"{options.FailoversMin}",
        ];
        foreach (var word in words)
            start.ArgumentList.Add(word);
        using var audit = System.Diagnostics.Process.Start(start)
            ?? throw new SaleException("The audit does not start.");
        await audit.WaitForExitAsync(ct);
        return audit.ExitCode;
    }

    private static string Describe(SaleSnapshot? s) => s is null
        ? "the cluster is not up yet"
        : $"{s.Stage}, {s.SoldTotal:N0} of {s.Units:N0} sold, {s.Failovers.Count} failovers, roles "
        + $"{string.Join(' ', s.Roles)}, sold since the last failover {string.Join(' ', s.SoldSinceFailover)}";
}
