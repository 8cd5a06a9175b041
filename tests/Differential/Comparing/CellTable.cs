using System.Collections.Concurrent;
using System.Text;
using Coord.Differential.Runs;

namespace Coord.Differential.Comparing;

/// <summary>How often both servers answered which operation with which error.</summary>
internal sealed class CellTable
{
    private readonly ConcurrentDictionary<Cell, long> _counts = [];

    public void Count(Cell cell) => _counts.AddOrUpdate(cell, 1, (_, count) => count + 1);

    /// <summary>Cells of <see cref="ReachableCells"/> that were not met.</summary>
    public IReadOnlyList<Cell> Empty => [.. ReachableCells.All.Where(cell => !_counts.ContainsKey(cell))];

    /// <summary>Cells that were met though nobody listed them.</summary>
    public IReadOnlyList<Cell> Unlisted => [.. _counts.Keys.Where(cell => !ReachableCells.All.Contains(cell))];

    public override string ToString()
    {
        var errors = _counts.Keys.Select(cell => cell.Error).Distinct().OrderDescending().ToArray();
        var text = new StringBuilder($"| | {string.Join(" | ", errors)} |\n|---|");
        text.Append(string.Concat(errors.Select(_ => "---|"))).Append('\n');
        foreach (var row in _counts.Keys.Select(cell => cell.Row).Distinct().Order(StringComparer.Ordinal))
        {
            var counts = errors.Select(error => _counts.GetValueOrDefault(new Cell(row, error)))
                .Select(count => count == 0 ? "" : $"{count}");
            text.Append($"| {row} | {string.Join(" | ", counts)} |\n");
        }

        return text.ToString();
    }
}
