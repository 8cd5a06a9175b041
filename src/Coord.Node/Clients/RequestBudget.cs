namespace Coord.Node.Clients;

/// <summary>
/// Counts the requests of one connection that are under way, and their bytes; its reader waits for room before it
/// reads on, so a client that sends faster than it is answered fills its own socket and nothing else (raft-design A5).
/// </summary>
/// <param name="requestsMax">Requests of this connection under way.</param>
/// <param name="bytesMax">Bytes of this connection's requests under way.</param>
/// <param name="all">What all connections of the node have under way together.</param>
internal sealed class RequestBudget(int requestsMax, long bytesMax, RequestBytes all)
{
    private readonly object gate = new();
    private TaskCompletionSource? waiting;
    private int requestsUnderWay;
    private long bytesUnderWay;
    private bool isOpen;

    public void Take(int requests, long bytes)
    {
        all.Add(bytes);
        lock (gate)
        {
            requestsUnderWay += requests;
            bytesUnderWay += bytes;
        }
    }

    public void GiveBack(int requests, long bytes)
    {
        all.Add(-bytes);
        TaskCompletionSource? ready = null;
        lock (gate)
        {
            requestsUnderWay -= requests;
            bytesUnderWay -= bytes;

            // Half the limit: the reader wakes once per half a budget, not once per request.
            if (waiting is not null && requestsUnderWay <= requestsMax / 2 && bytesUnderWay <= bytesMax / 2 && HasRoom)
                (ready, waiting) = (waiting, null);
        }

        ready?.SetResult();
    }

    /// <summary>
    /// Lets the reader through for good, and gives back what was under way: the connection is closing.
    /// </summary>
    public void Close()
    {
        TaskCompletionSource? ready;
        lock (gate)
        {
            isOpen = true;
            all.Add(-bytesUnderWay);
            bytesUnderWay = 0;
            (ready, waiting) = (waiting, null);
        }

        ready?.SetResult();
    }

    /// <summary>Waits until the connection may be read again.</summary>
    public Task RoomAsync()
    {
        lock (gate)
        {
            if (isOpen || HasRoom)
                return Task.CompletedTask;
            waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return waiting.Task;
        }
    }

    // While all connections together are over their limit, each may still have one read under way: none starves.
    private bool HasRoom => requestsUnderWay == 0
        || (requestsUnderWay < requestsMax && bytesUnderWay < bytesMax && !all.IsOverLimit);
}
