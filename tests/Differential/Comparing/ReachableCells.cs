using Coord.Differential.Runs;

namespace Coord.Differential.Comparing;

/// <summary>Which errors an operation can have in these sequences: a full run has to meet each of them.</summary>
internal static class ReachableCells
{
    private static readonly (string Row, int[] Errors)[] Rows =
    [
        ("Ping", [0]),
    ];

    public static IReadOnlySet<Cell> All { get; } =
        Rows.SelectMany(row => row.Errors.Select(error => new Cell(row.Row, error))).ToHashSet();
}
