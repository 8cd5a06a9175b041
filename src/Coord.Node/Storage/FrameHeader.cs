using System.Buffers.Binary;

namespace Coord.Node.Storage;

/// <summary>
/// The fixed start of a frame; all integers little-endian, frames begin at multiples of 8 bytes (raft-design 11):
/// <code>
///  0 i32 payload length   4 u32 CRC32C   8 i64 batch number   16 u8 kind   17 u8 flags   18 u16 zero   20 i32 extra
/// 24 payload, then zeros up to the next multiple of 8
/// </code>
/// The checksum starts from the checksum of the frame before it and from the segment's salt, and covers the rest of the
/// header, the payload and the padding: a stale frame or a lost write in the middle cannot look valid (P10), and
/// clients, who know no salt, cannot write data that looks like a frame.
/// </summary>
internal readonly struct FrameHeader
{
    public const int Length = 24;
    public const int Alignment = 8;

    /// <summary>Payload of an entry before its bytes: i64 index, i64 term, u8 kind.</summary>
    public const int EntryHeaderLength = 17;

    /// <summary>i64 term, i32 voted for (0: nobody), i32 zero.</summary>
    public const int TermAndVoteLength = 16;

    /// <summary>i64 index, i64 term.</summary>
    public const int SnapshotMarkLength = 16;

    /// <summary>i64 bytes of the batch before this frame, i64 first and last index of its entries, u64 salt.</summary>
    public const int BatchEndLength = 32;

    /// <summary>Flag of a snapshot mark: the whole log before it is dropped (P12).</summary>
    public const byte ResetFlag = 1;

    private FrameHeader(ReadOnlySpan<byte> bytes)
    {
        PayloadLength = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        Crc = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        Batch = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        Kind = (FrameKind)bytes[16];
        Flags = bytes[17];
        Reserved = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]);
        Extra = BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]);
    }

    public int PayloadLength { get; }

    public uint Crc { get; }

    public long Batch { get; }

    public FrameKind Kind { get; }

    public byte Flags { get; }

    public ushort Reserved { get; }

    /// <summary>Entry: length of the entry header. Batch end: number of frames before it.</summary>
    public int Extra { get; }

    /// <summary>The whole frame with its padding.</summary>
    public long FrameLength => Align(Length + (long)PayloadLength);

    /// <summary>Whether the header could be one; only its checksum proves that it is.</summary>
    public bool IsPlausible =>
        PayloadLength >= 0 && Kind is >= FrameKind.Entry and <= FrameKind.SegmentEnd && Flags <= ResetFlag
        && Reserved == 0 && Batch > 0;

    public static FrameHeader Read(ReadOnlySpan<byte> bytes) => new(bytes);

    public static long Align(long length) => (length + (Alignment - 1)) & -Alignment;

    /// <summary>The checksum of a frame given with its padding; the field that holds it is left out.</summary>
    public static uint Checksum(uint previousCrc, ulong salt, ReadOnlySpan<byte> frame)
    {
        var crc = Storage.Checksum.Add(previousCrc, salt);
        crc = Storage.Checksum.Add(crc, (ulong)BinaryPrimitives.ReadUInt32LittleEndian(frame));
        return Storage.Checksum.Add(crc, frame[8..]);
    }
}
