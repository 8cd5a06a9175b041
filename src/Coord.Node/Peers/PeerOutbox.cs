using Coord.Node.Hosting;

namespace Coord.Node.Peers;

/// <summary>
/// What waits to be sent to one peer, between the threads that have something to say and the peer's sender thread.
/// Bounded in messages and bytes; what does not fit is dropped, since Raft tolerates loss and no slow peer may slow
/// others (raft-design A5, R21). A few small messages are sent by whoever flushes them, if the sender waits and the
/// kernel has room: to wake it for them would take as long as to send them.
/// </summary>
internal sealed class PeerOutbox(NodeLimits limits)
{
    private readonly Lock gate = new();
    private readonly ThreadSignal arrived = new();
    private readonly byte[] small = new byte[limits.PeerSendAtOnceBytesMax];
    private List<PeerMessage> queued = [];
    private long queuedBytes;
    private SendAtOnce? sendAtOnce;
    private ReadOnlyMemory<byte> unsent;
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

    /// <summary>Sends what is queued, or wakes the sender for it if it waits. Any thread; never waits.</summary>
    public void Flush()
    {
        lock (gate)
        {
            if (!isWaiting || queued.Count == 0 || TrySend())
                return;
            isWaiting = false;
        }

        arrived.Set();
    }

    /// <summary>A link stands: messages are taken from now on.</summary>
    /// <param name="atOnce">Sends what the kernel has room for; null where only the sender may send.</param>
    public void Open(SendAtOnce? atOnce)
    {
        lock (gate)
        {
            isOpen = true;
            sendAtOnce = atOnce;
        }
    }

    /// <summary>The link ended: what waits is dropped.</summary>
    public void Close()
    {
        lock (gate)
        {
            isOpen = false;
            sendAtOnce = null;
            unsent = default;
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
    /// Exchanges the sender's empty list for everything that waits; false when nothing came in <paramref name="wait"/>,
    /// or the sender was woken. Sender thread only.
    /// </summary>
    /// <param name="batch">What to send, behind <paramref name="rest"/>.</param>
    /// <param name="rest">What the kernel had no room for, of messages that were sent at once.</param>
    /// <param name="wait">The longest wait.</param>
    public bool Take(ref List<PeerMessage> batch, out ReadOnlyMemory<byte> rest, TimeSpan wait)
    {
        if (!TryTake(ref batch, out rest, mayWait: true))
        {
            arrived.Wait(wait);
            TryTake(ref batch, out rest, mayWait: false);
        }

        return batch.Count > 0 || !rest.IsEmpty;
    }

    // Says in the same step that the sender is about to wait: a message is either taken here or wakes it.
    private bool TryTake(ref List<PeerMessage> batch, out ReadOnlyMemory<byte> rest, bool mayWait)
    {
        lock (gate)
        {
            rest = default;
            isWaiting = mayWait && queued.Count == 0 && unsent.IsEmpty && !isWoken;
            if (isWaiting)
                return false;
            isWoken = false;
            (queued, batch) = (batch, queued);
            queuedBytes = 0;
            (rest, unsent) = (unsent, default);
            return true;
        }
    }

    // Under the gate, while the sender waits: nobody else sends, nor writes to the small buffer, until it has woken.
    private bool TrySend()
    {
        if (sendAtOnce is null || queuedBytes > small.Length)
            return false;
        var length = 0;
        foreach (var message in queued)
            length += PeerCodec.Write(message, small.AsSpan(length));
        queued.Clear();
        queuedBytes = 0;
        unsent = small.AsMemory(0, length)[sendAtOnce(small.AsSpan(0, length))..];
        return unsent.IsEmpty;
    }

    // One message always fits: its size was bounded when it was proposed (raft-design R11).
    private bool HasRoom(int bytes) => queued.Count < limits.PeerQueueMessagesMax
        && (queued.Count == 0 || queuedBytes + bytes <= limits.PeerQueueBytesMax);
}
