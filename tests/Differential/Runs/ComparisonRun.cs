using System.Diagnostics;
using Coord.Differential.Comparing;
using Coord.Differential.Sequences;

namespace Coord.Differential.Runs;

/// <summary>Many sequences, several at a time, each below a znode of its own.</summary>
internal sealed class ComparisonRun(Comparison comparison, RunOptions options, TextWriter output)
{
    private const int DifferencesShown = 10;
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(10);

    private readonly Lock _output = new();
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private TimeSpan _shown;
    private int _next = -1;
    private int _differences;
    private long _operations;

    public CellTable Cells { get; } = new();

    public int Differences => _differences;

    public long Operations => _operations;

    public void Execute()
    {
        var workers = Enumerable.Range(0, options.Workers).Select(_ => new Thread(Work)).ToList();
        workers.ForEach(worker => worker.Start());
        workers.ForEach(worker => worker.Join());
    }

    private void Work()
    {
        for (var i = Interlocked.Increment(ref _next); i < options.Sequences; i = Interlocked.Increment(ref _next))
        {
            var sequence = SequenceGenerator.Make(options.Seed + (ulong)i, options.Operations);
            if (comparison.Compare(sequence, Cells) is { } difference)
                Report(difference);
            Interlocked.Add(ref _operations, sequence.Operations);
            ShowProgress(i);
        }
    }

    private void Report(Difference difference)
    {
        if (Interlocked.Increment(ref _differences) > DifferencesShown)
            return;
        var shrunk = Shrinking.Shrink(difference, sequence => comparison.Compare(sequence));
        lock (_output)
        {
            output.WriteLine(shrunk);
            output.WriteLine("replay: dotnet run --project tests/Differential -c Release -- run --sequences 1"
                + $" --seed {difference.Sequence.Seed} --operations {options.Operations}"
                + $" --servers {string.Join(',', options.Servers)}");
        }
    }

    private void ShowProgress(int done)
    {
        lock (_output)
        {
            if (_watch.Elapsed - _shown < ProgressInterval)
                return;
            _shown = _watch.Elapsed;
            output.WriteLine($"... {_shown.TotalSeconds:F0} s: sequences={done} differences={_differences}");
        }
    }
}
