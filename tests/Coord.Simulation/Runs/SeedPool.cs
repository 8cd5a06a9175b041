namespace Coord.Simulation.Runs;

/// <summary>
/// Runs seeds on several threads and gives their results in the order of the seeds: a run shares nothing with
/// another, so the order of threads changes nothing (raft-design T1, T12).
/// </summary>
internal sealed class SeedPool(RunOptions options, int workers, int seeds = int.MaxValue)
{
    private const int AheadMax = 64;

    private readonly object _gate = new();
    private readonly Dictionary<ulong, object> _results = [];
    private ulong _next;
    private ulong _end;
    private ulong _given;
    private bool _isOver;

    /// <summary>Runs seeds from the first on, until the callback says that it is enough.</summary>
    /// <param name="first">The first seed.</param>
    /// <param name="take">Takes a report or a failure, in order; false: no more.</param>
    public void Run(ulong first, Func<RunReport?, SimulationFailedException?, bool> take)
    {
        _next = first;
        _given = first;
        _end = first + (ulong)seeds;
        var threads = Enumerable.Range(0, workers).Select(_ => new Thread(Work)).ToArray();
        foreach (var thread in threads)
            thread.Start();

        while (true)
        {
            var result = Await();
            if (take(result as RunReport, result as SimulationFailedException))
                continue;

            lock (_gate)
            {
                _isOver = true;
                Monitor.PulseAll(_gate);
            }

            break;
        }

        foreach (var thread in threads)
            thread.Join();
    }

    private object Await()
    {
        lock (_gate)
        {
            object? result;
            while (!_results.Remove(_given, out result))
                Monitor.Wait(_gate);

            _given++;
            Monitor.PulseAll(_gate);
            return result;
        }
    }

    private void Work()
    {
        while (true)
        {
            ulong seed;
            lock (_gate)
            {
                while (!_isOver && _next - _given >= AheadMax)
                    Monitor.Wait(_gate);

                if (_isOver || _next >= _end)
                    return;

                seed = _next++;
            }

            var result = RunOne(seed);
            lock (_gate)
            {
                _results[seed] = result;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private object RunOne(ulong seed)
    {
        try
        {
            return SimulationRun.Run(seed, options);
        }
        catch (SimulationFailedException e)
        {
            return e;
        }
    }
}
