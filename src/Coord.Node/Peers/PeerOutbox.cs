namespace Coord.Node.Peers;

/// <summary>
/// What waits to be sent to one peer, between the replica loop and the peer's sender thread. Bounded in messages and
/// bytes; what does not fit is dropped, since Raft tolerates loss and no slow peer may slow others (raft-design A5,
/// R21).
/// </summary>
internal sealed class PeerOutbox(NodeLimits limits)
{
    private readonly object gate = new();

    // Owned by the replica loop.
    private readonly List<PeerMessage> staged = [];
    private long stagedBytes;

    // Guarded by the gate.
    private List<PeerMessage> queued = [];
    private int queuedCount;
    private long queuedBytes;
    private bool isOpen;
    private bool isWaiting;
    private bool isWoken;

    /// <summary>
    /// Takes a message for the next <see cref="Flush"/>; false when it is dropped. Replica loop only.
    /// </summary>
    public bool TryStage(PeerMessage message)
    {
        var bytes = PeerCodec.FrameLength(message);
        var waitingBytes = stagedBytes + Volatile.Read(ref queuedBytes);
        var waiting = staged.Count + Volatile.Read(ref queuedCount);
        if (!Volatile.Read(ref isOpen) || waiting >= limits.PeerQueueMessagesMax
            || (waiting > 0 && waitingBytes + bytes > limits.PeerQueueBytesMax))
            return false;
        staged.Add(message);
        stagedBytes += bytes;
        return true;
    }

    /// <summary>Hands the staged messages to the sender, with one wake-up at most. Replica loop only.</summary>
    public void Flush()
    {
        if (staged.Count == 0)
            return;
        lock (gate)
        {
            if (isOpen)
            {
                queued.AddRange(staged);
                queuedBytes += stagedBytes;
                queuedCount = queued.Count;
                if (isWaiting)
                    Monitor.Pulse(gate);
            }
        }

        staged.Clear();
        stagedBytes = 0;
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
            queuedBytes = queuedCount = 0;
        }
    }

    /// <summary>Ends the present or the next wait of the sender.</summary>
    public void Wake()
    {
        lock (gate)
        {
            isWoken = true;
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>
    /// Exchanges the sender's empty list for everything that waits; false when nothing came in <paramref
    /// name="wait"/>, or
    /// the sender was woken. Sender thread only.
    /// </summary>
    public bool Take(ref List<PeerMessage> batch, TimeSpan wait)
    {
        lock (gate)
        {
            if (queued.Count == 0 && !isWoken)
            {
                isWaiting = true;
                Monitor.Wait(gate, wait);
                isWaiting = false;
            }

            isWoken = false;
            (queued, batch) = (batch, queued);
            queuedBytes = queuedCount = 0;
            return batch.Count > 0;
        }
    }
}
