using Coord.Node.Clients;

namespace Coord.Node.Replica;

/// <summary>One entry of this node's clients: its bytes, and who waits for its outcome.</summary>
internal readonly record struct OwnEntry(Memory<byte> Bytes, ClientSession? Session);

/// <summary>
/// The entries of this node's own clients that are not applied here yet, oldest first, numbered from 1 for this
/// process start. They are sent in order, kept until applied, and sent again from the first unapplied one when the
/// leader, its term or the link to it changes, when apply shows a loss, and after a while without progress
/// (raft-design I9, R19).
/// </summary>
internal sealed class OwnEntries(int windowEntries, long windowBytes)
{
    private OwnEntry[] ring = new OwnEntry[256];
    private int head;
    private int count;
    private long first = 1;
    private long sentThrough;
    private long proposedHereThrough;
    private long bytesInFlight;

    /// <summary>Entries not applied here yet.</summary>
    public int Count => count;

    /// <summary>The sequence that the next entry gets. Invariant: NextSequence = first unapplied + Count.</summary>
    public long NextSequence => first + count;

    public bool HasUnsent => sentThrough < first + count - 1;

    public bool HasInFlight => sentThrough >= first;

    /// <summary>Something waits to be sent and the window has room for it.</summary>
    public bool HasRoomToSend =>
        HasUnsent && sentThrough - first + 1 < windowEntries && bytesInFlight < windowBytes;

    public long Add(Memory<byte> bytes, ClientSession? session)
    {
        if (count == ring.Length)
            Grow();
        ring[(head + count) & (ring.Length - 1)] = new OwnEntry(bytes, session);
        count++;
        return first + count - 1;
    }

    /// <summary>Takes what may be sent now: in order, while the window has room.</summary>
    /// <param name="batch">Receives the entries.</param>
    /// <param name="here">
    /// True when this node leads and proposes them itself. It then writes its time into them, so an entry that was
    /// proposed here before is copied first: the log may still hold the older one.
    /// </param>
    public void TakeUnsent(List<ReadOnlyMemory<byte>> batch, bool here)
    {
        while (HasRoomToSend)
        {
            var sequence = sentThrough + 1;
            ref var entry = ref At(sequence);
            if (here && sequence <= proposedHereThrough)
                entry = entry with { Bytes = entry.Bytes.ToArray() };
            batch.Add(entry.Bytes);
            bytesInFlight += entry.Bytes.Length;
            sentThrough = sequence;
        }

        if (here)
            proposedHereThrough = Math.Max(proposedHereThrough, sentThrough);
    }

    /// <summary>Everything unapplied is sent again: what was sent may be lost.</summary>
    public void SendAgain()
    {
        sentThrough = first - 1;
        bytesInFlight = 0;
    }

    /// <summary>Takes the entry that was applied. False: it is not the oldest one, which apply never accepts.</summary>
    public bool TryTakeApplied(long sequence, out OwnEntry entry)
    {
        entry = default;
        if (count == 0 || sequence != first)
            return false;
        entry = ring[head];
        RemoveOldest();
        return true;
    }

    /// <summary>Forgets entries that an installed snapshot already contains: their outcome is unknown here.</summary>
    public void DropThrough(long sequence)
    {
        while (count > 0 && first <= sequence)
            RemoveOldest();
    }

    private ref OwnEntry At(long sequence) => ref ring[(head + (int)(sequence - first)) & (ring.Length - 1)];

    private void RemoveOldest()
    {
        if (sentThrough >= first)
            bytesInFlight -= ring[head].Bytes.Length;
        else
            sentThrough = first;
        ring[head] = default;
        head = (head + 1) & (ring.Length - 1);
        first++;
        count--;
    }

    private void Grow()
    {
        var larger = new OwnEntry[ring.Length * 2];
        for (var position = 0; position < count; position++)
            larger[position] = ring[(head + position) & (ring.Length - 1)];
        ring = larger;
        head = 0;
    }
}
