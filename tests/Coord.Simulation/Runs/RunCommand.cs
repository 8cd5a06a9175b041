using System.Diagnostics;

namespace Coord.Simulation.Runs;

/// <summary>
/// <c>run</c>: many seeds, progress now and then, each failure with what replays it, and one line at the end.
/// </summary>
internal static class RunCommand
{
    private const int SeedsByDefault = 100;
    private const int Broken = 1;
    private const int WrongArguments = 2;

    public static int Execute(string[] args, TextWriter output)
    {
        if (RunArguments.TryParse(args) is not { } arguments)
        {
            output.WriteLine($"Usage: {RunArguments.Usage}");
            return WrongArguments;
        }

        if (arguments.For is not null)
            output.WriteLine($"from seed {arguments.From}");

        var totals = new RunTotals();
        Run(arguments, totals, output);
        output.WriteLine(totals);
        if (totals.Missing.Count > 0)
            output.WriteLine($"never happened: {string.Join(", ", totals.Missing)}; these seeds have not tested it");

        return totals.Failures == 0 && totals.Missing.Count == 0 ? 0 : Broken;
    }

    private static void Run(RunArguments arguments, RunTotals totals, TextWriter output)
    {
        var options = arguments.Options with { Output = arguments.IsTraced ? output : null };
        var seeds = arguments.Seeds ?? (arguments.For is null ? SeedsByDefault : int.MaxValue);
        var watch = Stopwatch.StartNew();
        var shown = TimeSpan.Zero;
        new SeedPool(options, Math.Min(arguments.Jobs, seeds), seeds).Run(arguments.From, (report, failure) =>
        {
            if (report is not null)
            {
                totals.Add(report);
            }
            else
            {
                totals.AddFailure();
                output.WriteLine(failure!.Message);
            }

            if (watch.Elapsed - shown > arguments.Progress)
            {
                shown = watch.Elapsed;
                output.WriteLine($"... {totals}");
            }

            return --seeds > 0 && !(watch.Elapsed > arguments.For);
        });
    }
}
