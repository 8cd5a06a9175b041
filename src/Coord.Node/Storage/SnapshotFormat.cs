using System.Buffers.Binary;
using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Node.Storage;

/// <summary>
/// Layout of a snapshot file, little-endian (raft-design S1). What the chunks hold is the state machine's business.
/// <code>
/// header (64)  u64 magic, i32 format, i32 zero, u128 cluster, i64 index, i64 term, u32 CRC32C, 12 zero
/// chunk        i32 length (1 and up), u32 CRC32C starting from the one before, bytes
/// footer (56)  i32 0, u32 CRC32C starting from the one before, i64 chunks, i64 bytes in chunks,
///              32 bytes SHA-256 over the header and every chunk's length and checksum
/// </code>
/// </summary>
internal static class SnapshotFormat
{
    public const int HeaderLength = 64;
    public const int ChunkHeaderLength = 8;
    public const int FooterLength = 56;
    public const int HashLength = 32;
    public const string Extension = ".snap";

    private const ulong Magic = 0x31504E53_44524F43; // "CORDSNP1"
    private const int Format = 1;
    private const int ChecksumOffset = 48;

    public static string FileName(SnapshotId id) => $"{id.Term.Value:D16}-{id.Index.Value:D16}{Extension}";

    public static void WriteHeader(Span<byte> bytes, UInt128 cluster, SnapshotId id)
    {
        bytes[..HeaderLength].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Format);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[16..], cluster);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], id.Index.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[40..], id.Term.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[ChecksumOffset..], Checksum.Of(bytes[..ChecksumOffset]));
    }

    /// <summary>Reads a header; false if it is damaged or of another cluster.</summary>
    /// <exception cref="DataUnusableException">
    /// A newer version wrote it: it is not damaged, and must not be passed over (raft-design I7).
    /// </exception>
    public static bool TryReadHeader(ReadOnlySpan<byte> bytes, UInt128 cluster, out SnapshotId id)
    {
        id = default;
        if (bytes.Length < HeaderLength
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumOffset..]) != Checksum.Of(bytes[..ChecksumOffset])
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes) != Magic)
            return false;
        var format = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        if (format > Format)
        {
            throw new DataUnusableException(
                "snapshots", $"a snapshot has format {format}, and this version reads {Format}: "
                + "start the version that wrote it, or a newer one");
        }

        if (format != Format || BinaryPrimitives.ReadUInt128LittleEndian(bytes[16..]) != cluster)
            return false;

        id = new SnapshotId(
            new LogIndex(BinaryPrimitives.ReadInt64LittleEndian(bytes[32..])),
            new Term(BinaryPrimitives.ReadInt64LittleEndian(bytes[40..])));
        return true;
    }

    /// <summary>Where the chain of checksums begins.</summary>
    public static uint FirstCrc(ReadOnlySpan<byte> header) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[ChecksumOffset..]);

    public static uint ChunkCrc(uint previousCrc, ReadOnlySpan<byte> chunk) =>
        ~Checksum.Add(~Checksum.Add(previousCrc, (ulong)chunk.Length), chunk);

    public static void WriteFooter(
        Span<byte> bytes, uint previousCrc, long chunks, long chunkBytes, ReadOnlySpan<byte> hash)
    {
        bytes[..FooterLength].Clear();
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], chunks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], chunkBytes);
        hash.CopyTo(bytes[24..]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], ChunkCrc(previousCrc, bytes[8..FooterLength]));
    }
}
