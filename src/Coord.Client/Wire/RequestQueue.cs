namespace Coord.Client;

/// <summary>A ring of requests that grows; both ends can be added to. Guarded by its owner's lock.</summary>
internal sealed class RequestQueue
{
    private Request[] ring = new Request[64];
    private int head;

    internal int Count { get; private set; }

    internal Request this[int index] => ring[(head + index) & (ring.Length - 1)];

    internal void AddLast(Request request)
    {
        Grow();
        ring[(head + Count) & (ring.Length - 1)] = request;
        Count++;
    }

    internal void AddFirst(Request request)
    {
        Grow();
        head = (head - 1) & (ring.Length - 1);
        ring[head] = request;
        Count++;
    }

    internal Request RemoveFirst()
    {
        var request = ring[head];
        ring[head] = null!;
        head = (head + 1) & (ring.Length - 1);
        Count--;
        return request;
    }

    internal Request RemoveLast()
    {
        ref var slot = ref ring[(head + Count - 1) & (ring.Length - 1)];
        var request = slot;
        slot = null!;
        Count--;
        return request;
    }

    private void Grow()
    {
        if (Count < ring.Length)
            return;
        var larger = new Request[ring.Length * 2];
        for (var i = 0; i < Count; i++)
            larger[i] = this[i];
        ring = larger;
        head = 0;
    }
}
