using FlashSale.Running;

namespace FlashSale.Display;

/// <summary>One line a second, and one for each failover: for logs and pipes.</summary>
internal sealed class PlainDisplay : SaleDisplay
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    public override void Say(string line) => Console.WriteLine(line);

    public override async Task ShowAsync(SaleProgress progress, Task work)
    {
        var shown = 0;
        var isOver = false;
        while (!isOver)
        {
            isOver = await Task.WhenAny(work, Task.Delay(Every)) == work;
            var now = progress.Snapshot();
            foreach (var failover in now.Failovers.Skip(shown).Where(f => f.FirstSaleAfter is not null))
            {
                shown++;
                Say($"{Seconds(failover.At),8}  leader killed: node {failover.Node}, "
                    + $"next sale after {Milliseconds(failover.FirstSaleAfter!.Value)}");
            }

            Say($"{Seconds(now.Elapsed),8}  {now.Stage}: {now.SoldTotal:N0} of {now.Units:N0} sold, {now.Rate:N0}/s, "
                + $"leader {now.Leader?.ToString() ?? "none"}, {now.Failovers.Count} failovers, "
                + $"longest pause {Milliseconds(now.LongestPause)}");
        }

        await work;
    }
}
