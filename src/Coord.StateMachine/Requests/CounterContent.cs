using System.Buffers.Binary;

namespace Coord.StateMachine;

/// <summary>
/// The bytes of a counter (docs/internals/extensions.md, counter-add): the value, then a mark, how many tags there are,
/// and the tags of the last writes, newest first.
/// </summary>
internal static class CounterContent
{
    /// <summary>Bytes of a counter with all its tags.</summary>
    public const int LengthMax = TagsAt + (TagsMax * sizeof(long));

    private const int TagsMax = 16;
    private const int MarkAt = sizeof(long);
    private const int CountAt = MarkAt + 4;
    private const int TagsAt = CountAt + 1;

    private static ReadOnlySpan<byte> Mark => "CTG1"u8;

    /// <summary>
    /// The value, <paramref name="initial"/> where there are no bytes. False: these are no counter's. The value alone
    /// is one, without tags.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, long initial, out long value)
    {
        value = bytes.Length < sizeof(long) ? initial : BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (bytes.Length is 0 or sizeof(long))
            return true;
        return bytes.Length >= TagsAt && bytes[MarkAt..].StartsWith(Mark) && bytes[CountAt] <= TagsMax
            && bytes.Length == TagsAt + (bytes[CountAt] * sizeof(long));
    }

    /// <summary>
    /// Writes the counter that follows on <paramref name="before"/>, with one tag more, and returns its length.
    /// </summary>
    public static int Write(ReadOnlySpan<byte> before, long value, long tag, Span<byte> destination)
    {
        int kept = before.Length > TagsAt ? Math.Min((int)before[CountAt], TagsMax - 1) : 0;
        BinaryPrimitives.WriteInt64BigEndian(destination, value);
        Mark.CopyTo(destination[MarkAt..]);
        destination[CountAt] = (byte)(kept + 1);
        BinaryPrimitives.WriteInt64BigEndian(destination[TagsAt..], tag);
        int secondAt = TagsAt + sizeof(long);
        if (kept > 0)
            before.Slice(TagsAt, kept * sizeof(long)).CopyTo(destination[secondAt..]);
        return secondAt + (kept * sizeof(long));
    }
}
