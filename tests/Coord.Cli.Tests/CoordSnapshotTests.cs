using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Coord.Cli.Snapshots;
using Coord.Protocol;

namespace Coord.Cli.Tests;

/// <summary>What is read from Coord's own snapshots, for a move from one cluster of Coord to another.</summary>
public class CoordSnapshotTests
{
    private const int Owner = 32;

    private static readonly byte[] Whole = Snapshot(stateVersion: 3);

    [Fact]
    public void Containers_and_times_to_live_are_found_among_all_that_a_znode_may_have()
    {
        var kinds = Read(Whole);
        Assert.Equal(3, kinds.Count);
        Assert.Equal(CreateMode.Container, kinds.Of("/box", 6, out _));
        Assert.Equal(CreateMode.PersistentWithTtl, kinds.Of("/timed", 7, out var ttl));
        Assert.Equal(TimeSpan.FromSeconds(1), ttl);
        Assert.Equal(CreateMode.PersistentWithTtl, kinds.Of("/timed/too", 10, out ttl));
        Assert.Equal(TimeSpan.FromMilliseconds(5), ttl);
        Assert.Equal(CreateMode.Persistent, kinds.Of("/plain", 5, out _));
        Assert.Equal(CreateMode.Persistent, kinds.Of("/ephemeral", 8, out _));
    }

    [Fact]
    public void A_compressed_one_is_read_as_well()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(Whole);
        Assert.Equal(3, Read(compressed.ToArray()).Count);
    }

    [Fact]
    public void Each_cut_and_each_flipped_bit_is_noticed()
    {
        for (var length = 0; length < Whole.Length; length++)
            AssertRefused(Whole[..length]);
        for (var place = 0; place < Whole.Length; place++)
        {
            if (place is >= 52 and < 64)
                continue; // Zeros at the end of the header, which only the hash covers.
            var damaged = Whole.ToArray();
            damaged[place] ^= 0x10;
            AssertRefused(damaged);
        }
    }

    [Fact]
    public void The_hash_covers_the_rest_of_the_header()
    {
        var damaged = Whole.ToArray();
        damaged[60] ^= 1;
        AssertRefused(damaged);
    }

    [Fact]
    public void One_of_a_newer_version_is_refused_with_what_to_do() => Assert.Contains(
        "use the coordctl of the node that wrote it",
        Assert.Throws<InvalidDataException>(() => Read(Snapshot(stateVersion: 4))).Message, StringComparison.Ordinal);

    private static ZnodeKinds Read(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return SnapshotReader.Read(stream);
    }

    private static void AssertRefused(byte[] bytes)
    {
        var refused = Record.Exception(() => Read(bytes));
        Assert.True(refused is InvalidDataException or EndOfStreamException, $"{refused}");
    }

    private static byte[] Snapshot(int stateVersion)
    {
        byte[] header =
        [
            .. "CORDSNP1"u8, .. I32(1), .. I32(0), .. new byte[16], .. I64(9), .. I64(2),
        ];
        header = [.. header, .. U32(~Added(uint.MaxValue, header)), .. new byte[12]];
        byte[][] chunks =
        [
            [1, .. I32(stateVersion), .. new byte[32]],
            [2, 9, 9, 9],
            [
                5, .. Znode("/", 0, 0), .. Znode("/plain", 0, 5), .. Znode("/box", Owner, 6, long.MinValue),
                .. Znode("/timed", 255, 7, unchecked((long)0xFF00_0000_0000_03E8)),
                .. Znode("/ephemeral", Owner | 128, 8, 0x1234),
            ],
            [5, .. Znode("/timed/too", Owner | 1 | 8, 10, unchecked((long)0xFF00_0000_0000_0005))],
            [6, .. new byte[16]],
        ];
        List<byte> file = [.. header];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(48));
        foreach (var chunk in chunks)
        {
            crc = Chained(crc, chunk);
            byte[] head = [.. I32(chunk.Length), .. U32(crc)];
            hash.AppendData(head);
            file.AddRange([.. head, .. chunk]);
        }

        byte[] body =
            [.. I64(chunks.Length), .. I64(chunks.Sum(chunk => chunk.Length)), .. hash.GetHashAndReset()];
        return [.. file, .. I32(0), .. U32(Chained(crc, body)), .. body];
    }

    // With null data where there is none, and with each of the rarer fields that the flags name.
    private static byte[] Znode(string path, int flags, long czxid, long owner = 0)
    {
        int[] rare = [8, 8, 8, 4, 4, 8, 4, 12];
        var name = Encoding.UTF8.GetBytes(path);
        byte[] data = flags == 0 ? [] : "data"u8.ToArray();
        List<byte> bytes =
        [
            (byte)flags, 0, .. I32(name.Length), .. I32(data.Length == 0 ? -1 : data.Length), .. name, .. data,
            .. I64(czxid), .. I64(1_700_000_000_000),
        ];
        for (var field = 0; field < rare.Length; field++)
        {
            if ((flags & (1 << field)) != 0)
                bytes.AddRange(1 << field == Owner ? I64(owner) : Enumerable.Repeat((byte)0xFF, rare[field]).ToArray());
        }

        return [.. bytes];
    }

    private static uint Chained(uint previous, byte[] bytes) =>
        ~Added(~BitOperations.Crc32C(previous, (ulong)bytes.Length), bytes);

    private static uint Added(uint crc, byte[] bytes) => bytes.Aggregate(crc, BitOperations.Crc32C);

    private static byte[] I32(int value) => BitConverter.GetBytes(value);

    private static byte[] U32(uint value) => BitConverter.GetBytes(value);

    private static byte[] I64(long value) => BitConverter.GetBytes(value);
}
