using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Coord.Client.Recipes;

/// <summary>
/// The trailer by which a write is recognised after its reply was lost: our mark, a count, and the last writes, newest
/// first, 24 bytes each. A server that adds by itself reads and writes the same (docs/internals/extensions.md,
/// counter-add). Earlier versions left the tags alone: those are read as well.
/// </summary>
internal sealed class LastWrites
{
    /// <summary>Writes that leave a trace (client-sdk.md 11.1).</summary>
    internal const int Max = 16;

    private const uint Mark = 0x43544732; // "CTG2"
    private const int HeadLength = sizeof(uint) + 1;
    private const int WriteLength = 3 * sizeof(long);

    private const uint TagsMark = 0x43544731; // "CTG1"
    private const int TagLength = sizeof(ulong);

    private readonly LastWrite[] writes;

    private LastWrites(LastWrite[] writes) => this.writes = writes;

    internal static LastWrites None { get; } = new([]);

    internal int Count => writes.Length;

    /// <summary>Bytes that <see cref="Write"/> fills.</summary>
    internal int Length => HeadLength + (writes.Length * WriteLength);

    /// <summary>A tag that no other write has.</summary>
    internal static ulong NewTag() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <param name="bytes">All that follows the recipe's own fields.</param>
    /// <param name="path">The znode they are of.</param>
    /// <exception cref="ZnodeFormatException">They are no trailer.</exception>
    internal static LastWrites Read(ReadOnlySpan<byte> bytes, string path)
    {
        var mark = bytes.Length < HeadLength ? 0 : BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (mark is not (Mark or TagsMark))
            throw new ZnodeFormatException(path, "an unknown trailer");
        var count = bytes[HeadLength - 1];
        var length = mark == Mark ? WriteLength : TagLength;
        if (count > Max || bytes.Length != HeadLength + (count * length))
            throw new ZnodeFormatException(path, $"a trailer of {bytes.Length} bytes for {count} writes");
        var writes = new LastWrite[count];
        for (var i = 0; i < count; i++)
        {
            var write = bytes.Slice(HeadLength + (i * length), length);
            writes[i] = mark == Mark ? ReadWrite(write) : ReadTag(write);
        }

        return new LastWrites(writes);
    }

    internal bool Holds(ulong tag) => Find(tag) is not null;

    internal LastWrite? Find(ulong tag)
    {
        var place = Array.FindIndex(writes, write => write.Tag == tag);
        return place < 0 ? null : writes[place];
    }

    /// <summary>Every write behind this zxid is among them.</summary>
    /// <param name="mzxid">Of the znode's last write.</param>
    internal long CompleteSince(long mzxid) => writes.Length == 0 ? mzxid : writes[^1].MzxidBefore;

    /// <summary>The write in front of the others, of which the oldest may fall out.</summary>
    internal LastWrites With(LastWrite write)
    {
        var next = new LastWrite[Math.Min(writes.Length + 1, Max)];
        next[0] = write;
        writes.AsSpan(0, next.Length - 1).CopyTo(next.AsSpan(1));
        return new LastWrites(next);
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

    private static LastWrite ReadWrite(ReadOnlySpan<byte> write) => new(
        BinaryPrimitives.ReadUInt64BigEndian(write),
        BinaryPrimitives.ReadInt64BigEndian(write[sizeof(long)..]),
        BinaryPrimitives.ReadInt64BigEndian(write[(2 * sizeof(long))..]));

    // What it found is not known: so nobody takes the tags behind any zxid for complete.
    private static LastWrite ReadTag(ReadOnlySpan<byte> tag) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(tag), ValueBefore: 0, MzxidBefore: long.MaxValue);
}
