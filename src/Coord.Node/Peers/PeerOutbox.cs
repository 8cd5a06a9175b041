using Coord.Node.Hosting;

namespace Coord.Node.Peers;

/// <summary>
/// What waits to be sent to one peer, between the threads that have something to say and the peer's sender thread.
/// Bounded in messages and bytes; what does not fit is dropped, since Raft tolerates loss and no slow peer may slow
/// others (raft-design A5, R21).
/// </summary>
internal sealed class PeerOutbox(NodeLimits limits)
{
    private readonly Lock gate = new();
    private readonly ThreadSignal arrived = new();
    private List<PeerMessage> queued = [];
    private long queuedBytes;
    private bool isOpen;
    private bool isDropping;
    private bool isWaiting;
    private bool isWoken;

    /// <summary>Queues a message for the next <see cref="Flush"/>, or drops it. Any thread.</summary>
    /// <param name="message">What to send.</param>
    /// <param name="isNews">True when this is the first message dropped since one was queued.</param>
    /// <returns>False when it was dropped.</returns>
    public bool TryAdd(PeerMessage message, out bool isNews)
    {
        var bytes = PeerCodec.FrameLength(message);
        lock (gate)
        {
            isNews = false;
            if (isOpen && HasRoom(bytes))
            {
                queued.Add(message);
                queuedBytes += bytes;
                isDropping = false;
                return true;
            }

            isNews = !isDropping;
            isDropping = true;
            return false;
        }
    }

    /// <summary>Wakes the sender if it waits and there is something to send. Any thread.</summary>
    public void Flush()
    {
        lock (gate)
        {
            if (!isWaiting || queued.Count == 0)
                return;
            isWaiting = false;
        }

        arrived.Set();
    }

    /// <summary>A link stands: messages are taken from now on.</summary>
    public void Open()
    {
        lock (gate)
            isOpen = true;
    }

    /// <summary>The link ended: what waits is dropped.</summary>
    public void Close()
    {
        lock (gate)
        {
            isOpen = false;
            queued.Clear();
            queuedBytes = 0;
        }
    }

    /// <summary>Ends the present or the next wait of the sender.</summary>
    public void Wake()
    {
        lock (gate)
            isWoken = true;
        arrived.Set();
    }

    /// <summary>
    /// Exchanges the sender's empty list for everything that waits; false when nothing came in <paramref
    /// name="wait"/>, or
    /// the sender was woken. Sender thread only.
    /// </summary>
    public bool Take(ref List<PeerMessage> batch, TimeSpan wait)
    {
        if (!TryTake(ref batch, mayWait: true))
        {
            arrived.Wait(wait);
            TryTake(ref batch, mayWait: false);
        }

        return batch.Count > 0;
    }

    // Says in the same step that the sender is about to wait: a message is either taken here or wakes it.
    private bool TryTake(ref List<PeerMessage> batch, bool mayWait)
    {
        lock (gate)
        {
            isWaiting = mayWait && queued.Count == 0 && !isWoken;
            if (isWaiting)
                return false;
            isWoken = false;
            (queued, batch) = (batch, queued);
            queuedBytes = 0;
            return true;
        }
    }

    // One message always fits: its size was bounded when it was proposed (raft-design R11).
    private bool HasRoom(int bytes) => queued.Count < limits.PeerQueueMessagesMax
        && (queued.Count == 0 || queuedBytes + bytes <= limits.PeerQueueBytesMax);
}
