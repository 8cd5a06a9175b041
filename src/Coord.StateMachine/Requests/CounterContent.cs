using System.Buffers.Binary;

namespace Coord.StateMachine;

/// <summary>
/// The bytes of a counter (docs/internals/extensions.md, counter-add): the value, then a mark, how many writes are
/// remembered, and of each, newest first, its tag, and the value and mzxid before it.
/// </summary>
internal static class CounterContent
{
    /// <summary>Bytes of a counter that remembers all it can.</summary>
    public const int LengthMax = WritesAt + (WritesMax * WriteLength);

    private const int WritesMax = 16;
    private const int MarkAt = sizeof(long);
    private const int CountAt = MarkAt + 4;
    private const int WritesAt = CountAt + 1;
    private const int ValueInWrite = sizeof(long);
    private const int MzxidInWrite = 2 * sizeof(long);
    private const int WriteLength = 3 * sizeof(long);

    private static ReadOnlySpan<byte> Mark => "CTG2"u8;

    /// <summary>
    /// The value, <paramref name="initial"/> where there are no bytes. False: these are no counter's. The value alone
    /// is one, without writes.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long initial, out long value)
    {
        value = bytes.Length < sizeof(long) ? initial : BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (bytes.Length is 0 or sizeof(long))
            return true;
        return bytes.Length >= WritesAt && bytes[MarkAt..].StartsWith(Mark) && bytes[CountAt] <= WritesMax
            && bytes.Length == WritesAt + (bytes[CountAt] * WriteLength);
    }

    /// <summary>Whether the write with this tag is remembered, and the value before it.</summary>
    public static bool TryFind(ReadOnlySpan<byte> bytes, long tag, out long valueBefore)
    {
        for (int at = WritesAt; at < bytes.Length; at += WriteLength)
        {
            if (BinaryPrimitives.ReadInt64BigEndian(bytes[at..]) != tag)
                continue;
            valueBefore = BinaryPrimitives.ReadInt64BigEndian(bytes[(at + ValueInWrite)..]);
            return true;
        }

        valueBefore = 0;
        return false;
    }

    /// <summary>Every write of the znode behind this zxid is remembered.</summary>
    /// <param name="bytes">A counter's.</param>
    /// <param name="mzxid">Of its last write.</param>
    public static long CompleteSince(ReadOnlySpan<byte> bytes, long mzxid) => bytes.Length <= WritesAt
        ? mzxid
        : BinaryPrimitives.ReadInt64BigEndian(bytes[(bytes.Length - WriteLength + MzxidInWrite)..]);

    /// <summary>Writes the counter that follows on <paramref name="before"/>, and returns its length.</summary>
    /// <param name="before">The bytes as they are.</param>
    /// <param name="mzxid">Of the write that left them.</param>
    /// <param name="values">The number before and after.</param>
    /// <param name="tag">Of the write.</param>
    /// <param name="destination">At least <see cref="LengthMax"/>.</param>
    public static int Write(
        ReadOnlySpan<byte> before, long mzxid, (long Before, long After) values, long tag, Span<byte> destination)
    {
        int kept = before.Length > WritesAt ? Math.Min((int)before[CountAt], WritesMax - 1) : 0;
        BinaryPrimitives.WriteInt64BigEndian(destination, values.After);
        Mark.CopyTo(destination[MarkAt..]);
        destination[CountAt] = (byte)(kept + 1);
        var write = destination[WritesAt..];
        BinaryPrimitives.WriteInt64BigEndian(write, tag);
        BinaryPrimitives.WriteInt64BigEndian(write[ValueInWrite..], values.Before);
        BinaryPrimitives.WriteInt64BigEndian(write[MzxidInWrite..], mzxid);
        if (kept > 0)
            before.Slice(WritesAt, kept * WriteLength).CopyTo(write[WriteLength..]);
        return WritesAt + ((kept + 1) * WriteLength);
    }
}
