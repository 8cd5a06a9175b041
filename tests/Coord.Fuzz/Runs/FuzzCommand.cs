using System.Diagnostics;
using System.Globalization;
using Coord.Fuzz.Targets;

namespace Coord.Fuzz.Runs;

/// <summary>
/// <c>run --cases N [--seed S] [--target NAME]</c>: case <c>i</c> of a target has the seed S + i, so that a failing
/// one is replayed alone.
/// </summary>
internal static class FuzzCommand
{
    private const int Broken = 1;
    private const int WrongArguments = 2;
    private const int FailuresShown = 20;
    private const int TurnCases = 256;

    public static int Execute(string[] args, TextWriter output)
    {
        if (!TryParse(args, out var cases, out var seed, out var targets))
        {
            output.WriteLine($"Usage: run --cases N [--seed S] [--target all|{string.Join('|', FuzzTargets.Names)}]");
            return WrongArguments;
        }

        var watch = Stopwatch.StartNew();
        var shown = TimeSpan.Zero;
        var (done, failures) = (0L, 0L);
        for (var first = 0L; first < cases; first += TurnCases)
        {
            foreach (var target in targets)
            {
                for (var i = first; i < Math.Min(first + TurnCases, cases); i++, done++)
                    failures += Report(target, seed + (ulong)i, failures, output);
            }

            if (watch.Elapsed - shown > TimeSpan.FromSeconds(10))
            {
                shown = watch.Elapsed;
                output.WriteLine($"... {shown.TotalSeconds:F0} s: cases={done} failures={failures}");
            }
        }

        foreach (var target in targets)
            output.WriteLine($"{target.Name}: {target.Describe()}");
        output.WriteLine($"cases={done} failures={failures}");
        return failures == 0 ? 0 : Broken;
    }

    private static int Report(IFuzzTarget target, ulong seed, long failures, TextWriter output)
    {
        if (FuzzRun.Case(target, seed) is not { } failure)
            return 0;

        if (failures < FailuresShown)
        {
            output.WriteLine($"{target.Name}, seed {seed}: {failure}");
            output.WriteLine("replay: dotnet run --project tests/Coord.Fuzz -c Release -- "
                + $"run --cases 1 --seed {seed} --target {target.Name}");
        }

        return 1;
    }

    private static bool TryParse(string[] args, out long cases, out ulong seed, out IFuzzTarget[] targets)
    {
        cases = 10_000;
        seed = 1;
        targets = FuzzTargets.All();
        for (var i = 0; i < args.Length; i += 2)
        {
            var value = i + 1 < args.Length ? args[i + 1] : "";
            var isRead = args[i] switch
            {
                "--cases" => long.TryParse(value, CultureInfo.InvariantCulture, out cases) && cases > 0,
                "--seed" => ulong.TryParse(value, CultureInfo.InvariantCulture, out seed),
                "--target" => value == "all" || (targets = [.. targets.Where(t => t.Name == value)]).Length > 0,
                _ => false,
            };
            if (!isRead)
                return false;
        }

        return true;
    }
}
