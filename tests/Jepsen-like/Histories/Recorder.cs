using System.Collections.Concurrent;

namespace Coord.JepsenLike.Histories;

/// <summary>Collects the operations of all clients of one workload.</summary>
internal sealed class Recorder(RunClock clock)
{
    private readonly ConcurrentQueue<Operation> operations = [];
    private int processes;
    private long tags;

    public int Count => operations.Count;

    /// <summary>Nanoseconds since the run's start.</summary>
    public long Now => clock.Now;

    /// <summary>A number for a logical process; never handed out twice.</summary>
    public int NewProcess() => Interlocked.Increment(ref processes);

    /// <summary>A tag for a write; never handed out twice.</summary>
    public long NewTag() => Interlocked.Increment(ref tags);

    public void Add(Operation operation) => operations.Enqueue(operation);

    public List<Operation> History() => [.. operations.OrderBy(o => o.Invoked)];
}
