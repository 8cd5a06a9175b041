using FlashSale.Running;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace FlashSale.Display;

/// <summary>A picture of the sale that is drawn again ten times a second.</summary>
internal sealed class TerminalDisplay : SaleDisplay
{
    private const int BarWidth = 50;
    private const int FailoversShown = 8;

    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(100);

    public override void Say(string line) => Terminal.Output.MarkupLineInterpolated($"[grey]{line}[/]");

    public override async Task ShowAsync(SaleProgress progress, Task work)
    {
        await Terminal.Output.Live(Picture(progress.Snapshot())).StartAsync(async live =>
        {
            var isOver = false;
            while (!isOver)
            {
                isOver = await Task.WhenAny(work, Task.Delay(Every)) == work;
                live.UpdateTarget(Picture(progress.Snapshot()));
            }
        });
        await work;
    }

    internal static IRenderable Picture(SaleSnapshot now)
    {
        var grid = new Grid { Expand = false };
        grid.AddColumn(new GridColumn().NoWrap().PadRight(4));
        grid.AddColumn(new GridColumn().NoWrap());
        grid.AddRow(new Rows(Figures(now), Nodes(now), Failovers(now)), Sellers(now));
        return new Panel(new Rows(Bar(now), grid))
        {
            Header = new PanelHeader($" [bold]Flash sale[/] · {now.Stage} · {Seconds(now.Elapsed)} "),
            Border = BoxBorder.Rounded,
            Padding = new Padding(2, 1),
        };
    }

    private static Markup Bar(SaleSnapshot now)
    {
        var share = now.Units == 0 ? 0 : (double)now.SoldTotal / now.Units;
        var full = (int)(share * BarWidth);
        return new Markup(
            $"[green]{new string('━', full)}[/][grey35]{new string('━', BarWidth - full)}[/]"
            + $"  [bold]{now.SoldTotal:N0}[/] of {now.Units:N0} units\n");
    }

    private static Grid Figures(SaleSnapshot now)
    {
        var grid = new Grid { Expand = false };
        grid.AddColumn(new GridColumn().NoWrap());
        grid.AddColumn(new GridColumn().NoWrap().RightAligned());
        grid.AddRow(new Markup("rate"), new Markup($"[bold]{now.Rate:N0}[/] units/s"));
        grid.AddRow(new Markup("failovers"), new Markup($"[bold]{now.Failovers.Count}[/]"));
        grid.AddRow(new Markup("longest pause"), new Markup($"[bold]{Milliseconds(now.LongestPause)}[/]"));
        if (now.DoubtfulUnits > 0)
            grid.AddRow(new Markup("in doubt, back on sale at closing"), new Markup($"{now.DoubtfulUnits}"));
        return grid;
    }

    private static Markup Nodes(SaleSnapshot now)
    {
        var nodes = now.Roles.Select((role, i) => role switch
        {
            NodeRole.Leader => $"[bold green]● node {i + 1} leader[/]",
            NodeRole.Follower => $"[green]●[/] node {i + 1} follower",
            NodeRole.Joining => $"[yellow]◌ node {i + 1} joining[/]",
            _ => $"[red]✗ node {i + 1} down[/]",
        });
        return new Markup("\n" + string.Join('\n', nodes) + "\n");
    }

    private static Markup Failovers(SaleSnapshot now)
    {
        if (now.Failovers.Count == 0)
            return new Markup("[grey]no leader killed yet[/]");

        var lines = now.Failovers.TakeLast(FailoversShown).Select(f =>
            $"[grey]{Seconds(f.At),7}[/]  node {f.Node} killed, "
            + (f.FirstSaleAfter is { } after ? $"sold again after [bold]{Milliseconds(after)}[/]" : "[yellow]…[/]"));
        return new Markup(string.Join('\n', lines));
    }

    private static Table Sellers(SaleSnapshot now)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("seller").RightAligned());
        table.AddColumn(new TableColumn("sold").RightAligned());
        table.AddColumn(new TableColumn("since failover").RightAligned());
        for (var i = 0; i < now.Sold.Count; i++)
        {
            var since = now.SoldSinceFailover[i];
            table.AddRow($"{i + 1}", $"{now.Sold[i]:N0}", since > 0 ? $"[green]{since:N0}[/]" : "[yellow]0[/]");
        }

        return table;
    }
}
