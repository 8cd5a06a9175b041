using Coord.Raft;

namespace Coord.Node.Tests.Storage;

/// <summary>Appends whose payloads tell index and term, so that a wrong one shows.</summary>
internal static class Appends
{
    public static LogAppend One(long index, long term, int payloadBytes, HardState? state = null) =>
        Many(index, index, 1, term, payloadBytes, state);

    public static LogAppend Many(
        long sequence, long first, int count, long term, int payloadBytes, HardState? state = null)
    {
        var entries = new Entry[count];
        for (var i = 0; i < count; i++)
            entries[i] = Make(first + i, term, payloadBytes);

        return new LogAppend(sequence, state, new LogIndex(first), entries);
    }

    public static Entry Make(long index, long term, int payloadBytes)
    {
        // No zero bytes: the zero-sector test must not be helped by the payload (raft-design, "Reading back").
        var payload = new byte[payloadBytes];
        for (var i = 0; i < payloadBytes; i++)
            payload[i] = ByteAt(index, term, i);

        return new Entry(new Term(term), new LogIndex(index), EntryKind.Command, payload);
    }

    public static bool IsAsMade(in Entry entry)
    {
        var payload = entry.Payload.Span;
        for (var i = 0; i < payload.Length; i++)
        {
            if (payload[i] != ByteAt(entry.Index.Value, entry.Term.Value, i))
                return false;
        }

        return entry.Kind == EntryKind.Command;
    }

    private static byte ByteAt(long index, long term, int position) =>
        (byte)(1 + (((index * 31) + (term * 101) + (position * 7)) % 255));
}
