using System.Diagnostics;
using System.Globalization;
using Coord.Differential.Comparing;
using Coord.Differential.Dialects;
using Coord.Differential.Sequences;
using Coord.Differential.Servers;

namespace Coord.Differential.Runs;

/// <summary>
/// <c>run --sequences N [--seed S] [--operations N] [--servers A,B] [--workers N]</c>: sequence <c>i</c> has the seed
/// S + i, so that a failing one is replayed alone.
/// </summary>
internal static class RunCommand
{
    private const int Failed = 1;
    private const int WrongArguments = 2;
    private const int SequencesThatFillTheTable = 5_000;

    public static int Execute(string[] args, TextWriter output)
    {
        if (!TryParse(args, out var options))
        {
            output.WriteLine("Usage: run [--sequences N] [--seed S] [--operations N] [--workers N]"
                + " [--servers A,B], where a server is zookeeper, coord or coord3");
            return WrongArguments;
        }

        using var left = Start(options.Servers[0]);
        using var right = Start(options.Servers[1]);
        var run = new ComparisonRun(new Comparison(left, right), options, output);
        var watch = Stopwatch.StartNew();
        run.Execute();
        output.WriteLine($"{run.Cells}");
        foreach (var known in KnownDifference.All)
            output.WriteLine($"{known.Name}: {known.Times} times");
        var isComplete = options.Sequences < SequencesThatFillTheTable || IsFull(run.Cells, output);
        output.WriteLine($"sequences={options.Sequences} operations={run.Operations} differences={run.Differences}"
            + $" seconds={watch.Elapsed.TotalSeconds:F0}");
        return run.Differences == 0 && isComplete ? 0 : Failed;
    }

    private static bool IsFull(CellTable cells, TextWriter output)
    {
        foreach (var cell in cells.Empty)
            output.WriteLine($"never met: {cell.Row} with {cell.Error}");
        foreach (var cell in cells.Unlisted)
            output.WriteLine($"met, but not listed as reachable: {cell.Row} with {cell.Error}");
        return cells.Empty.Count + cells.Unlisted.Count == 0;
    }

    private static Server Start(string name) => name switch
    {
        "coord" => Server.Coord(nodes: 1),
        "coord3" => Server.Coord(nodes: Sequence.Slots),
        _ => Server.ZooKeeper(),
    };

    private static bool TryParse(string[] args, out RunOptions options)
    {
        options = new RunOptions();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var isNumber = ulong.TryParse(value, CultureInfo.InvariantCulture, out var number) && number > 0;
            switch (args[i])
            {
                case "--sequences" when isNumber: options = options with { Sequences = (int)number }; break;
                case "--seed" when isNumber: options = options with { Seed = number }; break;
                case "--operations" when isNumber: options = options with { Operations = (int)number }; break;
                case "--workers" when isNumber: options = options with { Workers = (int)number }; break;
                case "--servers" when value.Split(',') is [_, _] servers
                    && servers.All(server => server is "zookeeper" or "coord" or "coord3"):
                    options = options with { Servers = servers };
                    break;
                default: return false;
            }
        }

        return true;
    }
}
