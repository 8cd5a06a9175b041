namespace Coord.Simulation.Runs;

/// <summary>What many seeds did together: the last line of a run.</summary>
internal sealed class RunTotals
{
    /// <summary>A run of so many seeds must have done everything that runs are for.</summary>
    public const int LongRun = 1_000;

    private readonly RunCounters _counters = new();
    private int _seeds;

    public int Failures { get; private set; }

    /// <summary>What a long run did not do once; empty for a short one.</summary>
    public IReadOnlyList<string> Missing => _seeds >= LongRun ? _counters.Missing() : [];

    public void Add(RunReport report)
    {
        _seeds++;
        _counters.Add(report.Counters);
    }

    public void AddFailure()
    {
        _seeds++;
        Failures++;
    }

    public override string ToString() => $"seeds={_seeds} failures={Failures} {_counters}";
}
