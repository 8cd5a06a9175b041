using System.Globalization;
using Coord.Simulation.Faults;

namespace Coord.Simulation.Runs;

/// <summary>The arguments of <c>run</c> and <c>shrink</c>.</summary>
internal sealed record RunArguments
{
    public const string Usage =
        "run [--seeds N] [--from S] [--nodes K] [--faults Fault,Fault] [--without Fault,Fault] [--duration 0.5] "
        + "[--for SECONDS] [--random] [--jobs J] [--progress SECONDS] [--trace]\n"
        + "shrink --seed N [--nodes K] [--faults Fault,Fault] [--without Fault,Fault]";

    /// <summary>How many seeds; null: as many as there is time for, or 100.</summary>
    public int? Seeds { get; init; }

    public ulong From { get; init; } = 1;

    public TimeSpan? For { get; init; }

    public int Jobs { get; init; } = Environment.ProcessorCount;

    /// <summary>Time between two lines that tell how far the run is.</summary>
    public TimeSpan Progress { get; init; } = TimeSpan.FromSeconds(5);

    public bool IsTraced { get; init; }

    public RunOptions Options { get; init; } = RunOptions.Default;

    /// <summary>Null where they make no sense.</summary>
    public static RunArguments? TryParse(IReadOnlyList<string> args)
    {
        var parsed = new RunArguments();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--trace")
            {
                parsed = parsed with { IsTraced = true, Jobs = 1 };
            }
            else if (args[i] == "--random")
            {
                // A start that no two runs share, and short enough to be typed.
                parsed = parsed with { From = (ulong)DateTime.UtcNow.Ticks / 10_000 % 1_000_000_000_000 };
            }
            else if (i + 1 == args.Count || parsed.With(args[i], args[++i]) is not { } more)
            {
                return null;
            }
            else
            {
                parsed = more;
            }
        }

        return parsed;
    }

    private RunArguments? With(string name, string value)
    {
        var invariant = CultureInfo.InvariantCulture;
        switch (name)
        {
            case "--seeds" when int.TryParse(value, invariant, out var seeds) && seeds > 0:
                return this with { Seeds = seeds };
            case "--from" or "--seed" when ulong.TryParse(value, invariant, out var from):
                return this with { From = from };
            case "--jobs" when int.TryParse(value, invariant, out var jobs) && jobs > 0:
                return this with { Jobs = jobs };
            case "--for" when double.TryParse(value, invariant, out var seconds) && seconds > 0:
                return this with { For = TimeSpan.FromSeconds(seconds) };
            case "--progress" when double.TryParse(value, invariant, out var seconds) && seconds > 0:
                return this with { Progress = TimeSpan.FromSeconds(seconds) };
            case "--nodes" when int.TryParse(value, invariant, out var nodes) && nodes is > 0 and < 10:
                return this with { Options = Options with { Nodes = nodes } };
            case "--duration" when double.TryParse(value, invariant, out var part) && part is > 0 and <= 1:
                return this with { Options = Options with { Duration = part } };
            case "--faults" when TryParseFaults(value) is { } faults:
                return this with { Options = Options with { Faults = faults } };
            case "--without" when TryParseFaults(value) is { } without:
                return this with { Options = Options with { Without = without } };
            default:
                return null;
        }
    }

    private static FaultSet? TryParseFaults(string value)
    {
        var set = FaultSet.None;
        foreach (var name in value.Split(','))
        {
            if (!Enum.TryParse<FaultKind>(name, ignoreCase: true, out var kind))
                return null;

            set = set.With(kind);
        }

        return set;
    }
}
