namespace Coord.Node.Clients;

/// <summary>
/// Counts the requests of one connection that are under way; its reader waits for room before it reads on, so a
/// client that sends faster than it is answered fills its own socket and nothing else (raft-design A5).
/// </summary>
internal sealed class RequestBudget(int limit)
{
    private readonly object gate = new();
    private TaskCompletionSource? waiting;
    private int outstanding;
    private bool isOpen;

    public void Take(int requests)
    {
        lock (gate)
            outstanding += requests;
    }

    public void GiveBack(int requests)
    {
        TaskCompletionSource? ready = null;
        lock (gate)
        {
            outstanding -= requests;

            // Half the limit: the reader wakes once per half a budget, not once per request.
            if (waiting is not null && outstanding <= limit / 2)
                (ready, waiting) = (waiting, null);
        }

        ready?.SetResult();
    }

    /// <summary>Lets the reader through for good: the connection is closing.</summary>
    public void Open()
    {
        TaskCompletionSource? ready;
        lock (gate)
        {
            isOpen = true;
            (ready, waiting) = (waiting, null);
        }

        ready?.SetResult();
    }

    public Task RoomAsync()
    {
        lock (gate)
        {
            if (isOpen || outstanding < limit)
                return Task.CompletedTask;
            waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return waiting.Task;
        }
    }
}
