using System.Collections.Concurrent;
using System.Diagnostics;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Runs;

/// <summary>Collects the operations of all clients; one monotonic clock for all of them.</summary>
internal sealed class Recorder
{
    private readonly long start = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<Operation> operations = [];
    private int processes;
    private long tags;

    public int Count => operations.Count;

    /// <summary>Nanoseconds since the start.</summary>
    public long Now => (long)((Stopwatch.GetTimestamp() - start) * (1e9 / Stopwatch.Frequency));

    /// <summary>A number for a logical process; never handed out twice.</summary>
    public int NewProcess() => Interlocked.Increment(ref processes);

    /// <summary>A tag for a write; never handed out twice.</summary>
    public long NewTag() => Interlocked.Increment(ref tags);

    public void Add(Operation operation) => operations.Enqueue(operation);

    public List<Operation> History() => [.. operations.OrderBy(o => o.Invoked)];
}
