using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Mutants;

/// <summary>
/// <c>mutants [--only TEXT] [--seeds N] [--jobs N]</c>: builds the sources a second time with all planted bugs, and
/// runs each until a seed finds it (raft-design T11). The right code of the same build must pass the seeds that this
/// took.
/// </summary>
internal sealed class MutantsCommand
{
    public const string Verb = "mutants";
    private const int Uncaught = 1;
    private const int WrongArguments = 2;
    private const int ChunkSeeds = 10;

    private readonly TextWriter _output;
    private readonly ConcurrentQueue<Func<WorkerProcess, Task>> _orders = new();
    private readonly object _gate = new();

    // Of each kind of run, the highest seed that found a bug.
    private readonly Dictionary<RunOptions, int> _highest = [];
    private int _caught;
    private int _failures;

    private MutantsCommand(TextWriter output) => _output = output;

    public static async Task<int> ExecuteAsync(string[] args, TextWriter output)
    {
        if (args is [MutantWorker.Verb])
        {
            MutantWorker.Run(Console.In, output);
            return 0;
        }

        if (!TryParse(args, out var only, out var seeds, out var jobs))
        {
            output.WriteLine("Usage: mutants [--only TEXT] [--seeds N] [--jobs N]");
            return WrongArguments;
        }

        return await new MutantsCommand(output).RunAsync(only, seeds, jobs);
    }

    private async Task<int> RunAsync(string only, int seeds, int jobs)
    {
        var watch = Stopwatch.StartNew();
        var lost = SecondBuild.FindLost(Catalogue.All);
        foreach (var text in lost)
            _output.WriteLine($"not once in its file: {text}");

        var build = new SecondBuild();
        if (lost.Count > 0 || !build.Make(Catalogue.All, _output))
            return Uncaught;

        _output.WriteLine($"built in {watch.Elapsed.TotalSeconds:F0} s");
        var chosen = Catalogue.All.Select((bug, i) => (Number: i + 1, Bug: bug))
            .Where(b => b.Bug.Name.Contains(only, StringComparison.Ordinal)).ToArray();

        // The longest first, so that no process is left alone with it at the end.
        foreach (var (number, bug) in chosen.OrderByDescending(b => b.Bug.Seeds))
            _orders.Enqueue(worker => HuntAsync(worker, number, bug, seeds > 0 ? seeds : bug.Seeds));

        var workers = Enumerable.Range(0, jobs).Select(_ => new WorkerProcess(build.Program)).ToArray();
        await DrainAsync(workers);
        foreach (var (runs, last) in _highest)
            EnqueuePasses(runs, last);

        await DrainAsync(workers);
        foreach (var worker in workers)
            worker.Dispose();

        _output.WriteLine($"the right code: seeds={_highest.Values.Sum()} failures={_failures}");
        _output.WriteLine($"all in {watch.Elapsed.TotalSeconds:F0} s");
        _output.WriteLine($"mutants={chosen.Length} caught={_caught}");
        return _caught == chosen.Length && _failures == 0 ? 0 : Uncaught;
    }

    private void EnqueuePasses(RunOptions runs, int seeds)
    {
        for (var first = 1; first <= seeds; first += ChunkSeeds)
        {
            var (from, to) = (first, Math.Min(first + ChunkSeeds - 1, seeds));
            _orders.Enqueue(worker => PassAsync(worker, runs, from, to));
        }
    }

    private Task DrainAsync(IEnumerable<WorkerProcess> workers) => Task.WhenAll(workers.Select(WorkAsync));

    private async Task WorkAsync(WorkerProcess worker)
    {
        while (_orders.TryDequeue(out var order))
            await order(worker);
    }

    private async Task HuntAsync(WorkerProcess worker, int number, PlantedBug bug, int seeds)
    {
        var (seed, failure) = await worker.HuntAsync(number, bug.Runs, 1, seeds);
        var verdict = seed > 0 ? $"caught by seed {seed} of {seeds}" : $"NOT CAUGHT by {seeds} seeds";
        lock (_gate)
        {
            _caught += seed > 0 ? 1 : 0;
            _highest[bug.Runs] = Math.Max(_highest.GetValueOrDefault(bug.Runs), seed);
            _output.WriteLine($"{number,3} {bug.Name}: {bug.Rule}: {verdict}");
            if (failure.Length > 0)
                _output.WriteLine($"      {failure}");
        }
    }

    private async Task PassAsync(WorkerProcess worker, RunOptions runs, int first, int last)
    {
        var (seed, failure) = await worker.HuntAsync(0, runs, first, last);
        if (failure.Length == 0)
            return;

        lock (_gate)
        {
            _failures++;
            _output.WriteLine($"    the right code fails at seed {seed}{runs.Arguments()}: {failure}");
        }
    }

    private static bool TryParse(string[] args, out string only, out int seeds, out int jobs)
    {
        only = "";
        seeds = 0;
        jobs = Environment.ProcessorCount;
        if (args.Length % 2 != 0)
            return false;

        for (var i = 0; i < args.Length; i += 2)
        {
            var isRead = args[i] switch
            {
                "--only" => (only = args[i + 1]).Length > 0,
                "--seeds" => int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seeds) && seeds > 0,
                "--jobs" => int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out jobs) && jobs > 0,
                _ => false,
            };
            if (!isRead)
                return false;
        }

        return true;
    }
}
