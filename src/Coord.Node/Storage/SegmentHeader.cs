using System.Buffers.Binary;
using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>
/// The first 4 KiB of a segment. It repeats the term, vote and snapshot mark in force when the segment was begun, so
/// that the segments before it can go (raft-design 11). It is durable before the segment gets its final name.
/// </summary>
internal sealed record SegmentHeader
{
    public const int Length = 4096;

    private const ulong Magic = 0x31474553_44524F43; // "CORDSEG1"
    private const int Format = 1;
    private const int ChecksumOffset = Length - 8;

    public required LogIdentity Identity { get; init; }

    /// <summary>1, 2, 3, ... without gaps.</summary>
    public required long Number { get; init; }

    /// <summary>Index after the last entry at the time the segment was begun.</summary>
    public required long FirstIndex { get; init; }

    /// <summary>Number of the segment's first batch.</summary>
    public required long FirstBatch { get; init; }

    /// <summary>Checksum of the last frame of the segment before it; where this segment's chain starts.</summary>
    public required uint PreviousCrc { get; init; }

    /// <summary>Length of the file; it was written full with zeros before use, so a shorter file is damaged.</summary>
    public required long FileLength { get; init; }

    public required HardState HardState { get; init; }

    public required SnapshotMark Mark { get; init; }

    /// <summary>
    /// Mixed into every checksum of the segment; unknown to clients, so their data cannot imitate frames.
    /// </summary>
    public ulong Salt
    {
        get
        {
            var high = Checksum.Add(uint.MaxValue, (ulong)Identity.Incarnation);
            var low = Checksum.Add(high, (ulong)(Identity.Incarnation >> 64));
            var salt = ((ulong)high << 32 | low) + ((ulong)Number * 0x9E3779B97F4A7C15);

            // The salt ends a batch: its last byte must not be zero, or the end of a batch could not be told from the
            // zeros behind it.
            return salt | 0x0100_0000_0000_0000;
        }
    }

    public string FileName => SegmentFiles.Name(Number, FirstIndex);

    public void Write(Span<byte> block)
    {
        block.Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(block, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], Format);
        BinaryPrimitives.WriteInt32LittleEndian(block[12..], Identity.Node);
        BinaryPrimitives.WriteUInt128LittleEndian(block[16..], Identity.Cluster);
        BinaryPrimitives.WriteUInt128LittleEndian(block[32..], Identity.Incarnation);
        BinaryPrimitives.WriteInt64LittleEndian(block[48..], Number);
        BinaryPrimitives.WriteInt64LittleEndian(block[56..], FirstIndex);
        BinaryPrimitives.WriteInt64LittleEndian(block[64..], FirstBatch);
        BinaryPrimitives.WriteUInt32LittleEndian(block[72..], PreviousCrc);
        BinaryPrimitives.WriteInt64LittleEndian(block[80..], FileLength);
        BinaryPrimitives.WriteInt64LittleEndian(block[88..], HardState.Term.Value);
        BinaryPrimitives.WriteInt32LittleEndian(block[96..], HardState.VotedFor?.Value ?? 0);
        BinaryPrimitives.WriteInt64LittleEndian(block[104..], Mark.Index.Value);
        BinaryPrimitives.WriteInt64LittleEndian(block[112..], Mark.Term.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(block[ChecksumOffset..], Checksum.Of(block[..ChecksumOffset]));
    }

    /// <summary>Reads a header; <paramref name="fault"/> says what is wrong with one that cannot be read.</summary>
    public static bool TryRead(ReadOnlySpan<byte> block, out SegmentHeader? header, out string fault)
    {
        header = null;
        fault = "the segment header is shorter than 4 KiB";
        if (block.Length < Length)
            return false;

        fault = "the segment header's checksum is wrong";
        if (!HasChecksum(block))
            return false;

        fault = "this is not a log segment";
        if (BinaryPrimitives.ReadUInt64LittleEndian(block) != Magic)
            return false;

        var format = BinaryPrimitives.ReadInt32LittleEndian(block[8..]);
        fault = $"log format {format} is unknown to this version, which reads {Format}";
        if (format != Format)
            return false;

        fault = "";
        header = Decode(block);
        return true;
    }

    /// <summary>
    /// Whether a header that cannot be read is whole, and of a format that this version does not know.
    /// </summary>
    public static bool IsOtherFormat(ReadOnlySpan<byte> block) =>
        HasChecksum(block) && BinaryPrimitives.ReadUInt64LittleEndian(block) == Magic
        && BinaryPrimitives.ReadInt32LittleEndian(block[8..]) != Format;

    private static bool HasChecksum(ReadOnlySpan<byte> block) =>
        block.Length >= Length
        && BinaryPrimitives.ReadUInt32LittleEndian(block[ChecksumOffset..]) == Checksum.Of(block[..ChecksumOffset])
        && !block[(ChecksumOffset + 4)..].ContainsAnyExcept((byte)0);

    private static SegmentHeader Decode(ReadOnlySpan<byte> block)
    {
        var vote = BinaryPrimitives.ReadInt32LittleEndian(block[96..]);
        return new SegmentHeader
        {
            Identity = new LogIdentity(
                BinaryPrimitives.ReadUInt128LittleEndian(block[16..]),
                BinaryPrimitives.ReadInt32LittleEndian(block[12..]),
                BinaryPrimitives.ReadUInt128LittleEndian(block[32..])),
            Number = BinaryPrimitives.ReadInt64LittleEndian(block[48..]),
            FirstIndex = BinaryPrimitives.ReadInt64LittleEndian(block[56..]),
            FirstBatch = BinaryPrimitives.ReadInt64LittleEndian(block[64..]),
            PreviousCrc = BinaryPrimitives.ReadUInt32LittleEndian(block[72..]),
            FileLength = BinaryPrimitives.ReadInt64LittleEndian(block[80..]),
            HardState = new HardState(
                new Term(BinaryPrimitives.ReadInt64LittleEndian(block[88..])),
                vote == 0 ? null : new NodeId(vote)),
            Mark = new SnapshotMark(
                new LogIndex(BinaryPrimitives.ReadInt64LittleEndian(block[104..])),
                new Term(BinaryPrimitives.ReadInt64LittleEndian(block[112..]))),
        };
    }
}
