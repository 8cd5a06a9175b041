using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Coord.Client.Recipes;

/// <summary>
/// The trailer by which a write is recognised after its reply was lost: our mark, a count, and the tags of the last
/// writes, newest first, 8 bytes each.
/// </summary>
internal sealed class WriteTags
{
    /// <summary>Writes that leave a trace (client-sdk.md 11.1).</summary>
    internal const int Max = 16;

    private const uint Mark = 0x43544731; // "CTG1"
    private const int HeadLength = sizeof(uint) + 1;

    private readonly ulong[] tags;

    private WriteTags(ulong[] tags) => this.tags = tags;

    internal static WriteTags None { get; } = new([]);

    internal int Count => tags.Length;

    /// <summary>Bytes that <see cref="Write"/> fills.</summary>
    internal int Length => HeadLength + (tags.Length * sizeof(ulong));

    /// <summary>A tag that no other write has.</summary>
    internal static ulong NewTag() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    /// <param name="bytes">All that follows the recipe's own fields.</param>
    /// <param name="path">The znode they are of.</param>
    /// <exception cref="ZnodeFormatException">They are no trailer.</exception>
    internal static WriteTags Read(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < HeadLength || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Mark)
            throw new ZnodeFormatException(path, "an unknown trailer");
        var count = bytes[HeadLength - 1];
        if (count > Max || bytes.Length != HeadLength + (count * sizeof(ulong)))
            throw new ZnodeFormatException(path, $"a trailer of {bytes.Length} bytes for {count} tags");
        var tags = new ulong[count];
        for (var i = 0; i < count; i++)
            tags[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes[(HeadLength + (i * sizeof(ulong)))..]);
        return new WriteTags(tags);
    }

    internal bool Holds(ulong tag) => Array.IndexOf(tags, tag) >= 0;

    /// <summary>The tag in front of the others, of which the oldest may fall out.</summary>
    internal WriteTags With(ulong tag)
    {
        var next = new ulong[Math.Min(tags.Length + 1, Max)];
        next[0] = tag;
        tags.AsSpan(0, next.Length - 1).CopyTo(next.AsSpan(1));
        return new WriteTags(next);
    }

    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Mark);
        bytes[HeadLength - 1] = (byte)tags.Length;
        for (var i = 0; i < tags.Length; i++)
            BinaryPrimitives.WriteUInt64BigEndian(bytes[(HeadLength + (i * sizeof(ulong)))..], tags[i]);
    }
}
