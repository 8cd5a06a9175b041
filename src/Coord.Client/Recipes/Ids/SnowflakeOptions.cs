namespace Coord.Client.Recipes;

/// <summary>How <see cref="SnowflakeIds"/> are composed; all generators whose ids meet must agree.</summary>
public sealed record SnowflakeOptions
{
    // So that at least 41 bits of milliseconds are left, 69 years.
    private const int LowBitsMax = 22;

    /// <summary>Milliseconds are counted from here. Default 2025-01-01 UTC.</summary>
    public DateTimeOffset Epoch { get; init; } = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Bits of the worker id. Default 10, 1 to 16; with the sequence at most 22.</summary>
    public int WorkerBits { get; init; } = 10;

    /// <summary>Bits of the count within a millisecond. Default 12, 1 to 21; with the worker id at most 22.</summary>
    public int SequenceBits { get; init; } = 12;

    /// <exception cref="ArgumentException">An option is wrong.</exception>
    internal void Check()
    {
        if (WorkerBits is < 1 or > 16 || SequenceBits < 1 || WorkerBits + SequenceBits > LowBitsMax)
            throw new ArgumentOutOfRangeException(
                nameof(WorkerBits), $"{WorkerBits} and {SequenceBits}: 1 to 16, at least 1, together at most 22.");
    }
}
