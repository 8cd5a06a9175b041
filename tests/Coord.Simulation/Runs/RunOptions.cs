using Coord.Simulation.Faults;

namespace Coord.Simulation.Runs;

/// <summary>What a caller fixes of a run that its seed would draw.</summary>
internal sealed record RunOptions
{
    public static RunOptions Default { get; } = new();

    /// <summary>Number of founding nodes; null: drawn.</summary>
    public int? Nodes { get; init; }

    /// <summary>Exactly these faults; null: drawn.</summary>
    public FaultSet? Faults { get; init; }

    /// <summary>Faults that the run does without.</summary>
    public FaultSet Without { get; init; }

    /// <summary>Part of the drawn time with faults, from above 0 to 1.</summary>
    public double Duration { get; init; } = 1;

    /// <summary>Where each event is written, or null.</summary>
    public TextWriter? Output { get; init; }

    public RunShape Apply(RunShape shape)
    {
        var faults = Faults ?? shape.Faults;
        foreach (var kind in Without.Members)
            faults = faults.Without(kind);

        return shape with { Faults = faults, FaultTime = (long)(shape.FaultTime * Duration) };
    }

    /// <summary>The arguments that repeat these options on the command line.</summary>
    public string Arguments()
    {
        var text = Nodes is { } nodes ? $" --nodes {nodes}" : "";
        if (Faults is { } faults)
            text += $" --faults {string.Join(',', faults.Members)}";
        if (Without != FaultSet.None)
            text += $" --without {string.Join(',', Without.Members)}";

        return Duration < 1 ? FormattableString.Invariant($"{text} --duration {Duration}") : text;
    }
}
