namespace Coord.Raft;

/// <summary>Recent entries as values in a ring, without gaps; older ones are on disk only (raft-design K4).</summary>
internal sealed class LogWindow
{
    private const int SmallestRing = 64;

    // Invariant: entry i is in ring[i & (ring.Length - 1)] for FirstIndex <= i <= LastIndex; other slots are clear.
    private Entry[] ring = new Entry[SmallestRing];

    /// <summary>Starts empty, behind <paramref name="last"/>.</summary>
    public LogWindow(LogIndex last)
    {
        FirstIndex = last.Next;
        LastIndex = last;
    }

    /// <summary>Lowest index in memory; <see cref="LastIndex"/> + 1 when empty.</summary>
    public LogIndex FirstIndex { get; private set; }

    /// <summary>Highest index in memory.</summary>
    public LogIndex LastIndex { get; private set; }

    /// <summary>What the entries in memory count.</summary>
    public long Bytes { get; private set; }

    /// <summary>An entry in memory.</summary>
    public ref readonly Entry this[LogIndex index] => ref ring[Slot(index.Value)];

    /// <summary>True when <paramref name="index"/> is in memory.</summary>
    public bool Contains(LogIndex index) => index >= FirstIndex && index <= LastIndex;

    /// <summary>Adds the next entry.</summary>
    public void Append(in Entry entry)
    {
        Invariant.Require(entry.Index == LastIndex.Next, "The log has no gaps.");
        if (LastIndex - FirstIndex + 1 == ring.Length)
            Resize(ring.Length * 2);
        ring[Slot(entry.Index.Value)] = entry;
        LastIndex = entry.Index;
        Bytes += entry.CountedBytes;
    }

    /// <summary>Removes everything above <paramref name="last"/>.</summary>
    public void TruncateAfter(LogIndex last)
    {
        while (LastIndex > last && LastIndex >= FirstIndex)
        {
            Remove(LastIndex);
            LastIndex = LastIndex.Previous;
        }

        if (LastIndex > last)
            Restart(last);
    }

    /// <summary>Empties the window; the next entry is <paramref name="last"/> + 1.</summary>
    public void Reset(LogIndex last)
    {
        TruncateAfter(FirstIndex.Previous);
        Restart(last);
    }

    /// <summary>Removes the oldest entries below <paramref name="keep"/> while more than the limit is held.</summary>
    public void Evict(LogIndex keep, long bytesMax)
    {
        while (Bytes > bytesMax && FirstIndex < keep && FirstIndex <= LastIndex)
        {
            Remove(FirstIndex);
            FirstIndex = FirstIndex.Next;
        }

        // A burst is over: give the ring back once an eighth of it would do.
        var count = LastIndex - FirstIndex + 1;
        if (ring.Length > 8_192 && count * 8 < ring.Length)
            Resize(ring.Length / 4);
    }

    /// <summary>
    /// The last index from <paramref name="first"/> on within both limits; at least <paramref name="first"/>.
    /// </summary>
    public LogIndex EndWithin(LogIndex first, LogIndex last, long bytesMax)
    {
        var bytes = this[first].CountedBytes;
        var end = first;
        while (end < last && (bytes += this[end.Next].CountedBytes) <= bytesMax)
            end = end.Next;
        return end;
    }

    /// <summary>True when the entries from first to last count less than <paramref name="bytes"/>.</summary>
    public bool IsLighter(LogIndex first, LogIndex last, long bytes)
    {
        for (var index = first; index <= last && bytes > 0; index = index.Next)
            bytes -= this[index].CountedBytes;
        return bytes > 0;
    }

    /// <summary>Copies the entries from <paramref name="first"/> on.</summary>
    public void CopyTo(LogIndex first, Span<Entry> target)
    {
        var slot = Slot(first.Value);
        var head = Math.Min(target.Length, ring.Length - slot);
        ring.AsSpan(slot, head).CopyTo(target);
        ring.AsSpan(0, target.Length - head).CopyTo(target[head..]);
    }

    private void Restart(LogIndex last)
    {
        FirstIndex = last.Next;
        LastIndex = last;
    }

    private void Remove(LogIndex index)
    {
        ref var slot = ref ring[Slot(index.Value)];
        Bytes -= slot.CountedBytes;
        slot = default;
    }

    private void Resize(int length)
    {
        var larger = new Entry[length];
        for (var index = FirstIndex.Value; index <= LastIndex.Value; index++)
            larger[(int)(index & (length - 1))] = ring[Slot(index)];
        ring = larger;
    }

    private int Slot(long index) => (int)(index & (ring.Length - 1));
}
