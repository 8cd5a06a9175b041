namespace Coord.Differential.Runs;

/// <summary>What a run compares.</summary>
internal sealed record RunOptions
{
    public int Sequences { get; init; } = 100;

    public ulong Seed { get; init; } = 1;

    /// <summary>Steps of a sequence.</summary>
    public int Operations { get; init; } = 50;

    /// <summary>Sequences at the same time; each waits for replies most of its time.</summary>
    public int Workers { get; init; } = 8;

    public IReadOnlyList<string> Servers { get; init; } = ["zookeeper", "coord"];
}
