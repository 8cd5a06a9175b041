using System.Buffers.Binary;

namespace Coord.Client.Recipes;

/// <summary>
/// The trailer by which a write is recognised after its reply was lost: our mark, a count, and the last writes, newest
/// first, 24 bytes each. A server that adds by itself reads and writes the same (docs/internals/extensions.md,
/// counter-add).
/// </summary>
internal sealed class CounterWrites
{
    /// <summary>Writes that leave a trace (client-sdk.md 11.1).</summary>
    internal const int Max = 16;

    private const uint Mark = 0x43544732; // "CTG2"
    private const int HeadLength = sizeof(uint) + 1;
    private const int WriteLength = 3 * sizeof(long);

    private readonly CounterWrite[] writes;

    private CounterWrites(CounterWrite[] writes) => this.writes = writes;

    internal static CounterWrites None { get; } = new([]);

    internal int Count => writes.Length;

    /// <summary>Bytes that <see cref="Write"/> fills.</summary>
    internal int Length => HeadLength + (writes.Length * WriteLength);

    /// <param name="bytes">All that follows the value.</param>
    /// <param name="path">The znode they are of.</param>
    /// <exception cref="ZnodeFormatException">They are no trailer.</exception>
    internal static CounterWrites Read(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < HeadLength || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Mark)
            throw new ZnodeFormatException(path, "an unknown trailer");
        var count = bytes[HeadLength - 1];
        if (count > Max || bytes.Length != HeadLength + (count * WriteLength))
            throw new ZnodeFormatException(path, $"a trailer of {bytes.Length} bytes for {count} writes");
        var writes = new CounterWrite[count];
        for (var i = 0; i < count; i++)
        {
            var write = bytes.Slice(HeadLength + (i * WriteLength), WriteLength);
            writes[i] = new CounterWrite(
                BinaryPrimitives.ReadUInt64BigEndian(write),
                BinaryPrimitives.ReadInt64BigEndian(write[sizeof(long)..]),
                BinaryPrimitives.ReadInt64BigEndian(write[(2 * sizeof(long))..]));
        }

        return new CounterWrites(writes);
    }

    internal bool Holds(ulong tag) => Find(tag) is not null;

    internal CounterWrite? Find(ulong tag)
    {
        var place = Array.FindIndex(writes, write => write.Tag == tag);
        return place < 0 ? null : writes[place];
    }

    /// <summary>Every write behind this zxid is among them.</summary>
    /// <param name="mzxid">Of the znode's last write.</param>
    internal long CompleteSince(long mzxid) => writes.Length == 0 ? mzxid : writes[^1].MzxidBefore;

    /// <summary>The write in front of the others, of which the oldest may fall out.</summary>
    internal CounterWrites With(CounterWrite write)
    {
        var next = new CounterWrite[Math.Min(writes.Length + 1, Max)];
        next[0] = write;
        writes.AsSpan(0, next.Length - 1).CopyTo(next.AsSpan(1));
        return new CounterWrites(next);
    }

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Mark);
        bytes[HeadLength - 1] = (byte)writes.Length;
        for (var i = 0; i < writes.Length; i++)
        {
            var write = bytes.Slice(HeadLength + (i * WriteLength), WriteLength);
            BinaryPrimitives.WriteUInt64BigEndian(write, writes[i].Tag);
            BinaryPrimitives.WriteInt64BigEndian(write[sizeof(long)..], writes[i].ValueBefore);
            BinaryPrimitives.WriteInt64BigEndian(write[(2 * sizeof(long))..], writes[i].MzxidBefore);
        }
    }
}
