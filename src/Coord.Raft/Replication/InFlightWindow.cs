namespace Coord.Raft;


/// <summary>Appends sent ahead of their acknowledgements, bounded in count and bytes (raft-design R9).</summary>
internal sealed class InFlightWindow(int messagesMax, long bytesMax)
{
    // Invariant: last indexes strictly increase from front to back; Bytes is the sum of what is inside.
    private readonly (LogIndex Last, long Bytes)[] ring = new (LogIndex Last, long Bytes)[messagesMax];
    private int head;

    /// <summary>Messages in flight.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes in flight.</summary>
    public long Bytes { get; private set; }

    /// <summary>No further message may go out.</summary>
    public bool IsFull => Count == ring.Length || Bytes >= bytesMax;

    /// <summary>A message that ends at <paramref name="last"/> went out.</summary>
    public void Add(LogIndex last, long bytes)
    {
        Invariant.Require(!IsFull, "A full window takes no message.");
        ring[(head + Count) % ring.Length] = (last, bytes);
        Count++;
        Bytes += bytes;
    }

    /// <summary>Everything up to <paramref name="index"/> was acknowledged.</summary>
    public void FreeTo(LogIndex index)
    {
        while (Count > 0 && ring[head].Last <= index)
        {
            Bytes -= ring[head].Bytes;
            head = (head + 1) % ring.Length;
            Count--;
        }
    }

    /// <summary>The state changed: nothing counts as in flight any more, bytes included (BR2).</summary>
    public void Reset()
    {
        head = 0;
        Count = 0;
        Bytes = 0;
    }
}
