namespace Coord.Client;

/// <summary>
/// Events on their way to one reader. Too many of them, or a gap, become one <see cref="WatchEventKind.Resynced"/>.
/// </summary>
internal sealed class SubtreeQueue(string serverPath, ClientMetrics metrics)
{
    /// <summary>Not for callers: the connection was gone, and all that was missed is told before.</summary>
    internal const WatchEventKind Resumed = (WatchEventKind)(-1);

    private const int EventsMax = 1024;

    private readonly Lock gate = new();
    private List<WatchEvent> events = [];
    private TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal string ServerPath { get; } = serverPath;

    internal void Add(WatchEvent item)
    {
        lock (gate)
        {
            if (events.Count == EventsMax)
            {
                metrics.WatchOverflows.Record(1);
                AddGap();
            }
            else if (events is not [{ Kind: WatchEventKind.Resynced }])
            {
                events.Add(item);
            }

            arrived.TrySetResult();
        }
    }

    /// <summary>Events before it and, until it is read, those after it say nothing that reading again does
    /// not.</summary>
    internal void AddGap()
    {
        lock (gate)
        {
            events.Clear();
            events.Add(new WatchEvent(WatchEventKind.Resynced, ServerPath, default));
            arrived.TrySetResult();
        }
    }

    /// <summary>The watch is set: what came before says nothing to who begins to look.</summary>
    internal void Clear()
    {
        lock (gate)
        {
            events.Clear();
            if (arrived.Task.IsCompleted)
                arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>All that has come, once something has.</summary>
    internal async ValueTask<List<WatchEvent>> TakeAsync(CancellationToken ct)
    {
        Task something;
        lock (gate)
            something = arrived.Task;
        await something.WaitAsync(ct).ConfigureAwait(false);
        lock (gate)
        {
            var taken = events;
            events = [];
            arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return taken;
        }
    }
}
