using System.Buffers.Binary;

namespace Coord.Client.Recipes;

/// <summary>
/// The bytes of a counter: the value, 8 bytes big-endian as Curator's atomic long reads them, then our mark, a count,
/// and the tags of the last writes, newest first, 8 bytes each.
/// </summary>
internal sealed class CounterBytes
{
    /// <summary>Writes that leave a trace (client-sdk.md 11.1).</summary>
    internal const int TagsMax = 16;

    private const int ValueLength = sizeof(long);
    private const uint Mark = 0x43544731; // "CTG1"
    private const int TrailerHead = ValueLength + sizeof(uint) + 1;

    private readonly ulong[] tags;

    private CounterBytes(long value, ulong[] tags)
    {
        Value = value;
        this.tags = tags;
    }

    internal long Value { get; }

    /// <summary>How many of the last writes are known by their tags.</summary>
    internal int TagCount => tags.Length;

    internal static CounterBytes Initial(long value) => new(value, []);

    /// <exception cref="ZnodeFormatException">They are no counter.</exception>
    internal static CounterBytes Read(string path, ReadOnlySpan<byte> bytes, long initialValue)
    {
        if (bytes.Length == 0)
            return Initial(initialValue);
        if (bytes.Length < ValueLength)
            throw new ZnodeFormatException(path, $"{bytes.Length} bytes, fewer than 8");
        var value = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (bytes.Length == ValueLength)
            return new CounterBytes(value, []);
        if (bytes.Length < TrailerHead || BinaryPrimitives.ReadUInt32BigEndian(bytes[ValueLength..]) != Mark)
            throw new ZnodeFormatException(path, "an unknown trailer");
        var count = bytes[TrailerHead - 1];
        if (count > TagsMax || bytes.Length != TrailerHead + (count * sizeof(ulong)))
            throw new ZnodeFormatException(path, $"a trailer of {bytes.Length - ValueLength} bytes for {count} tags");
        var tags = new ulong[count];
        for (var i = 0; i < count; i++)
            tags[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes[(TrailerHead + (i * sizeof(ulong)))..]);
        return new CounterBytes(value, tags);
    }

    internal bool Holds(ulong tag) => Array.IndexOf(tags, tag) >= 0;

    /// <summary>What the next write leaves: its value, and its tag in front of the others.</summary>
    internal CounterBytes Next(long value, ulong tag)
    {
        var next = new ulong[Math.Min(tags.Length + 1, TagsMax)];
        next[0] = tag;
        tags.AsSpan(0, next.Length - 1).CopyTo(next.AsSpan(1));
        return new CounterBytes(value, next);
    }

    internal byte[] ToArray()
    {
        var bytes = new byte[TrailerHead + (tags.Length * sizeof(ulong))];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Value);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(ValueLength), Mark);
        bytes[TrailerHead - 1] = (byte)tags.Length;
        for (var i = 0; i < tags.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(TrailerHead + (i * sizeof(ulong))), tags[i]);
        return bytes;
    }
}
