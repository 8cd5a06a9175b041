namespace Coord.Node.Clients;

/// <summary>
/// The queue of one session: a ring that grows on demand and is bounded by the connection's request budget.
/// </summary>
internal sealed class PendingQueue
{
    private PendingRequest[] ring = [];
    private int head;

    public int Count { get; private set; }

    public ref PendingRequest Head => ref ring[head];

    public ref PendingRequest this[int position] => ref ring[(head + position) & (ring.Length - 1)];

    public ref PendingRequest Enqueue()
    {
        if (Count == ring.Length)
            Grow();
        return ref ring[(head + Count++) & (ring.Length - 1)];
    }

    public void Dequeue()
    {
        ring[head] = default;
        head = (head + 1) & (ring.Length - 1);
        Count--;
    }

    public void Clear()
    {
        ring = [];
        head = 0;
        Count = 0;
    }

    private void Grow()
    {
        var larger = new PendingRequest[Math.Max(4, ring.Length * 2)];
        for (var position = 0; position < Count; position++)
            larger[position] = this[position];
        ring = larger;
        head = 0;
    }
}
