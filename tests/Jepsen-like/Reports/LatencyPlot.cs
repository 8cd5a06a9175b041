using System.Globalization;
using System.Net;
using System.Text;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Reports;

/// <summary>
/// Every operation of one kind: when it began and how long it took, in cells that are the darker the more fell into
/// them. A page stays small however long the history is. Unknown operations stand in a row of their own on top.
/// </summary>
internal static class LatencyPlot
{
    private const int CellWidth = 4;
    private const int CellHeight = 3;
    private const int RowsPerDecade = 8;

    // 0.1 ms to 10 s.
    private const int LowestDecade = -1;
    private const int Decades = 5;

    private const int Rows = Decades * RowsPerDecade;
    private const int Height = (Rows + 3) * CellHeight;

    private static readonly string[] DecadeLabels = ["0.1 ms", "1 ms", "10 ms", "100 ms", "1 s", "10 s"];

    public static string Draw(PlotFrame frame, string kind, IReadOnlyCollection<Operation> operations)
    {
        var levels = DecadeLabels
            .Select((label, decade) => ((double)decade * RowsPerDecade * CellHeight, label)).ToArray();
        var plot = frame.Draw(Height, levels, namesFaults: false, (svg, top) =>
        {
            foreach (var paths in operations.GroupBy(Outcome.Of))
                DrawCells(svg, frame, top, paths.Key, paths);
        });
        return $"<h3>{WebUtility.HtmlEncode(kind)}</h3><p class=\"note\">{Figures(operations)}</p>\n{plot}";
    }

    private static void DrawCells(
        StringBuilder svg, PlotFrame frame, int top, string outcome, IEnumerable<Operation> operations)
    {
        var cells = operations.CountBy(o =>
            (Column: (int)((frame.X(o.Invoked) - PlotFrame.Left) / CellWidth), Row: Row(o)));
        foreach (var shade in cells.GroupBy(cell => Shade(cell.Value)).OrderBy(shade => shade.Key))
        {
            svg.Append($"<path class=\"cells {outcome} d{shade.Key}\" stroke-width=\"{CellHeight}\" d=\"");
            foreach (var ((column, row), _) in shade.OrderBy(cell => cell.Key))
            {
                var x = PlotFrame.Left + (column * CellWidth);
                var y = top + Height - ((row + 0.5) * CellHeight);
                svg.Append(CultureInfo.InvariantCulture, $"M{x} {y:0.#}h{CellWidth}");
            }

            svg.Append("\"/>\n");
        }
    }

    /// <summary>From the bottom; unknown operations above all others.</summary>
    private static int Row(Operation operation)
    {
        if (!operation.IsKnown)
            return Rows + 2;
        var decades = Math.Log10(Math.Max(1, operation.Completed - operation.Invoked) / 1e6) - LowestDecade;
        return Math.Clamp((int)(decades * RowsPerDecade), 0, Rows);
    }

    /// <summary>By powers of ten: one operation must be seen, and thousands must differ from tens.</summary>
    private static int Shade(int count) => count switch { 1 => 1, < 10 => 2, < 100 => 3, _ => 4 };

    private static string Figures(IReadOnlyCollection<Operation> operations)
    {
        var known = operations.Where(o => o.IsKnown).Select(o => (o.Completed - o.Invoked) / 1e6).Order().ToArray();
        var text = $"{SummaryTables.Number(operations.Count)} operations, " +
            $"{SummaryTables.Number(operations.Count(o => o.IsKnown && o.Error != 0))} refused, " +
            $"{SummaryTables.Number(operations.Count - known.Length)} unknown";
        return known.Length == 0 ? text : text + string.Create(CultureInfo.InvariantCulture,
            $"; median {known[known.Length / 2]:F1} ms, 99 of 100 within {known[known.Length * 99 / 100]:F1} ms, ") +
            string.Create(CultureInfo.InvariantCulture, $"slowest {known[^1]:F0} ms");
    }
}
