using System.Diagnostics;
using System.Globalization;

namespace Coord.Simulation.Runs;

/// <summary><c>run --seeds N [--from S] [--nodes K] [--trace]</c>: many seeds, one line at the end.</summary>
internal static class RunCommand
{
    private const int Broken = 1;
    private const int WrongArguments = 2;

    public static int Execute(string[] args, TextWriter output)
    {
        if (!TryParse(args, out var seeds, out var from, out var nodes, out var isTraced))
        {
            output.WriteLine("Usage: run --seeds N [--from S] [--nodes K] [--trace]");
            return WrongArguments;
        }

        var totals = new RunTotals();
        var watch = Stopwatch.StartNew();
        var shown = TimeSpan.Zero;
        for (var seed = from; seed < from + (ulong)seeds; seed++)
        {
            try
            {
                totals.Add(SimulationRun.Run(seed, nodes, isTraced ? output : null));
            }
            catch (SimulationFailedException e)
            {
                totals.Failures++;
                output.WriteLine(e.Message);
            }

            if (watch.Elapsed - shown > TimeSpan.FromSeconds(5))
            {
                shown = watch.Elapsed;
                output.WriteLine($"... {totals}");
            }
        }

        output.WriteLine(totals);
        return totals.Failures == 0 ? 0 : Broken;
    }

    private static bool TryParse(string[] args, out int seeds, out ulong from, out int nodes, out bool isTraced)
    {
        seeds = 100;
        from = 1;
        nodes = 3;
        isTraced = false;
        for (var i = 0; i < args.Length; i++)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var isRead = args[i] switch
            {
                "--seeds" => int.TryParse(value, CultureInfo.InvariantCulture, out seeds),
                "--from" => ulong.TryParse(value, CultureInfo.InvariantCulture, out from),
                "--nodes" => int.TryParse(value, CultureInfo.InvariantCulture, out nodes) && nodes is > 0 and < 10,
                "--trace" => isTraced = true,
                _ => false,
            };
            if (!isRead)
                return false;

            if (args[i] != "--trace")
                i++;
        }

        return true;
    }
}
