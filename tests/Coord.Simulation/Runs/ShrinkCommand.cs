using Coord.Simulation.Faults;

namespace Coord.Simulation.Runs;

/// <summary>
/// <c>shrink --seed N</c>: takes away one class of faults after the other and halves the duration, as long as the seed
/// still fails, and shows the smallest shape that does (raft-design T8).
/// </summary>
internal static class ShrinkCommand
{
    private const double ShortestDuration = 0.02;
    private const int WrongArguments = 2;

    public static int Execute(string[] args, TextWriter output)
    {
        if (RunArguments.TryParse(args) is not { } arguments)
        {
            output.WriteLine($"Usage: {RunArguments.Usage}");
            return WrongArguments;
        }

        var options = arguments.Options;
        if (Fail(arguments.From, options) is not { } failure)
        {
            output.WriteLine($"seed {arguments.From} does not fail");
            return 0;
        }

        foreach (var kind in FaultSet.Kinds)
        {
            var less = options with { Without = options.Without.With(kind) };
            if (Fail(arguments.From, less) is not { } same)
            {
                output.WriteLine($"needed: {kind}");
                continue;
            }

            (options, failure) = (less, same);
        }

        while (options.Duration > ShortestDuration)
        {
            var less = options with { Duration = options.Duration / 2 };
            if (Fail(arguments.From, less) is not { } same)
                break;

            (options, failure) = (less, same);
        }

        output.WriteLine(failure.Message);
        return 1;
    }

    private static SimulationFailedException? Fail(ulong seed, RunOptions options)
    {
        try
        {
            SimulationRun.Run(seed, options);
            return null;
        }
        catch (SimulationFailedException e)
        {
            return e;
        }
    }
}
