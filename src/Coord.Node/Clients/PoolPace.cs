namespace Coord.Node.Clients;

/// <summary>
/// Lets work that comes in thousands at once (connections that open, or end) into the thread pool in shares: the next
/// goes when the pool has come round to a mark behind the last. Whoever else wants something finds a short queue.
/// </summary>
/// <param name="share">How many enter before the pool has come round.</param>
/// <param name="mark">Queues the mark behind all that the pool has to do.</param>
internal sealed class PoolPace(int share, Action<IThreadPoolWorkItem> mark) : IThreadPoolWorkItem
{
    private readonly int enterMax = Math.Max(1, share);
    private readonly Lock gate = new();
    private readonly Queue<TaskCompletionSource> waiting = [];
    private int entered;
    private bool isMarked;

    /// <summary>A pace of the process's thread pool.</summary>
    public PoolPace(int share)
        : this(share, item => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false))
    {
    }

    /// <summary>Completes when it is the caller's turn.</summary>
    public Task EnterAsync()
    {
        lock (gate)
        {
            if (entered == enterMax)
            {
                var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                waiting.Enqueue(turn);
                return turn.Task;
            }

            entered++;
            if (isMarked)
                return Task.CompletedTask;
            isMarked = true;
        }

        mark(this);
        return Task.CompletedTask;
    }

    /// <summary>The pool has come round.</summary>
    public void Execute()
    {
        lock (gate)
        {
            for (entered = 0; entered < enterMax && waiting.TryDequeue(out var next); entered++)
                next.SetResult();
            isMarked = entered > 0;
            if (!isMarked)
                return;
        }

        mark(this);
    }
}
