using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Coord.Cli.Snapshots;

/// <summary>
/// Reads what a snapshot of Coord says of kinds, as a node keeps it and its admin port sends it: a header, chunks with
/// a chain of checksums, a footer with their count and a hash. All numbers are little-endian.
/// </summary>
internal sealed class CoordSnapshot(Stream stream)
{
    /// <summary>The file's first four bytes, as ZooKeeper's readers take a number: "CORD".</summary>
    public const int Beginning = 0x434F_5244;

    private const ulong Magic = 0x31504E53_44524F43; // "CORDSNP1"
    private const int Format = 1;
    private const int StateVersion = 3;
    private const int HeaderBytes = 64;
    private const int ChecksumOffset = 48;
    private const int ChunkHeaderBytes = 8;
    private const int FooterBodyBytes = 48;

    // A chunk is closed at 256 KiB; one znode of the largest jute.maxbuffer may reach beyond that.
    private const int ChunkBytesMax = 64 * 1024 * 1024;

    private const byte StateHeader = 1;
    private const byte Znodes = 5;
    private const string Damaged = "is damaged: its checksum differs";

    private readonly ZnodeKinds kinds = new();
    private byte[] buffer = new byte[512 * 1024];
    private uint checksum;
    private long chunks;
    private long chunkBytes;

    /// <summary>Reads the rest of a file whose <see cref="Beginning"/> was read.</summary>
    /// <exception cref="InvalidDataException">It is no whole snapshot, or of another version.</exception>
    /// <exception cref="EndOfStreamException">It ends early.</exception>
    public ZnodeKinds Read()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ReadHeader(hash);
        var head = new byte[ChunkHeaderBytes];
        while (true)
        {
            stream.ReadExactly(head);
            var length = BinaryPrimitives.ReadInt32LittleEndian(head);
            var expected = BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(sizeof(int)));
            if (length == 0)
                return RequireFooter(expected, hash.GetHashAndReset());
            if (length is < 0 or > ChunkBytesMax)
                throw new InvalidDataException(Damaged);
            hash.AppendData(head);
            var chunk = Take(length);
            checksum = Chained(checksum, chunk);
            if (checksum != expected)
                throw new InvalidDataException(Damaged);
            (chunks, chunkBytes) = (chunks + 1, chunkBytes + length);
            ReadChunk(chunk);
        }
    }

    private void ReadHeader(IncrementalHash hash)
    {
        var header = new byte[HeaderBytes];
        BinaryPrimitives.WriteInt32BigEndian(header, Beginning);
        stream.ReadExactly(header.AsSpan(sizeof(int)));
        checksum = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(ChecksumOffset));
        if (BinaryPrimitives.ReadUInt64LittleEndian(header) != Magic
            || ~Added(uint.MaxValue, header.AsSpan(0, ChecksumOffset)) != checksum)
            throw new InvalidDataException("is no snapshot");
        RequireVersion(BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(sizeof(ulong))), Format);
        hash.AppendData(header);
    }

    private ZnodeKinds RequireFooter(uint expected, byte[] hash)
    {
        var body = Take(FooterBodyBytes);
        return Chained(checksum, body) == expected
            && BinaryPrimitives.ReadInt64LittleEndian(body) == chunks
            && BinaryPrimitives.ReadInt64LittleEndian(body[sizeof(long)..]) == chunkBytes
            && body[(2 * sizeof(long))..].SequenceEqual(hash)
            ? kinds
            : throw new InvalidDataException(Damaged);
    }

    private void ReadChunk(ReadOnlySpan<byte> chunk)
    {
        var rest = chunk[1..];
        if (chunk[0] == StateHeader)
            RequireVersion(BinaryPrimitives.ReadInt32LittleEndian(rest), StateVersion);
        while (chunk[0] == Znodes && rest.Length > 0)
            rest = ReadZnode(rest);
    }

    // Flags of the rarer fields, lengths of path and data, both, czxid, ctime, then the rarer ones that are there.
    private ReadOnlySpan<byte> ReadZnode(ReadOnlySpan<byte> bytes)
    {
        int flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        var pathLength = BinaryPrimitives.ReadInt32LittleEndian(bytes[2..]);
        var dataLength = Math.Max(0, BinaryPrimitives.ReadInt32LittleEndian(bytes[6..]));
        var path = bytes.Slice(10, pathLength);
        var numbers = bytes[(10 + pathLength + dataLength)..];
        var czxid = BinaryPrimitives.ReadInt64LittleEndian(numbers);
        ReadOnlySpan<int> rare = [8, 8, 8, 4, 4, 8, 4, 12]; // mzxid, pzxid, mtime, versions, owner, ACL, children.
        const int owner = 5;
        var length = 2 * sizeof(long);
        for (var field = 0; field < rare.Length; field++)
        {
            if ((flags & (1 << field)) == 0)
                continue;
            if (field == owner)
                kinds.Note(
                    Encoding.UTF8.GetString(path), BinaryPrimitives.ReadInt64LittleEndian(numbers[length..]), czxid);
            length += rare[field];
        }

        return numbers[length..];
    }

    private static void RequireVersion(int version, int known)
    {
        if (version != known)
            throw new InvalidDataException($"has format version {version}, and only {known} is known: use the coordctl "
                + "of the node that wrote it");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (buffer.Length < count)
            buffer = new byte[count];
        stream.ReadExactly(buffer, 0, count);
        return buffer.AsSpan(0, count);
    }

    private static uint Chained(uint previous, ReadOnlySpan<byte> bytes) =>
        ~Added(~BitOperations.Crc32C(previous, (ulong)bytes.Length), bytes);

    private static uint Added(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (var value in bytes)
            crc = BitOperations.Crc32C(crc, value);
        return crc;
    }
}
