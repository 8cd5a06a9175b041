namespace Coord.Client;

/// <summary>How a transaction is run.</summary>
public sealed record TransactOptions
{
    /// <summary>Runs of the body before it is given up. Default 10, 1 to 1000.</summary>
    public int MaxAttempts { get; init; } = 10;

    /// <summary>
    /// Whether the commit is exactly once (<see cref="Multi.ExactlyOnce"/>): a lost reply is found out about instead of
    /// reported as unknown. Default true.
    /// </summary>
    public bool ExactlyOnce { get; init; } = true;

    /// <summary>
    /// Whether lists of children are read although nothing guards them. Default false: the commit guards them on a
    /// server that announces <c>check-children</c>, and reading one is an error elsewhere.
    /// </summary>
    public bool AllowPhantoms { get; init; }
}
