namespace Coord.Differential.Runs;

/// <summary>What one step came to on one server, as text in which only what may differ is left out.</summary>
/// <param name="Text">Replies, and the events on every connection, in their order.</param>
/// <param name="Cells">Which operation got which error: row and column of the table.</param>
internal sealed record Outcome(string Text, IReadOnlyList<Cell> Cells)
{
    /// <summary>The sequence could not go on: nothing was seen that servers could agree in.</summary>
    public bool IsFailed { get; private init; }

    public static Outcome Failed(string why) => new($"failed: {why}", []) { IsFailed = true };
}

/// <summary>A request and an error code; a part of a multi is a row of its own.</summary>
internal readonly record struct Cell(string Row, int Error);
