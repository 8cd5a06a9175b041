using System.IO.Compression;
using Coord.Cli.Snapshots;
using Coord.Protocol;

namespace Coord.Cli.Tests;

/// <summary>What is read from ZooKeeper's snapshots, and what is refused (zookeeper-protocol 4.3).</summary>
public class SnapshotReaderTests
{
    private static readonly byte[] Whole = SnapshotBytes.OfEachKind();

    [Fact]
    public void Containers_and_times_to_live_are_found_and_nothing_else()
    {
        var kinds = Read(Whole);
        Assert.Equal(2, kinds.Count);
        Assert.Equal(CreateMode.Container, kinds.Of("/container", 6, out var none));
        Assert.Null(none);
        Assert.Equal(CreateMode.PersistentWithTtl, kinds.Of("/timed", 7, out var ttl));
        Assert.Equal(TimeSpan.FromSeconds(1), ttl);
        Assert.Equal(CreateMode.Persistent, kinds.Of("/plain", 5, out _));
        Assert.Equal(CreateMode.Persistent, kinds.Of("/ephemeral", 8, out _));
    }

    // Danger: a znode that was deleted and created again as another kind since the snapshot was taken.
    [Fact]
    public void A_kind_is_that_of_the_znode_that_the_snapshot_saw() =>
        Assert.Equal(CreateMode.Persistent, Read(Whole).Of("/container", 99, out _));

    [Fact]
    public void A_compressed_snapshot_is_read_as_well()
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(Whole);
        Assert.Equal(2, Read(compressed.ToArray()).Count);
    }

    [Fact]
    public void One_that_is_compressed_otherwise_is_refused_with_what_to_do()
    {
        var wrong = Assert.Throws<InvalidDataException>(() => Read([0x82, 0x53, 0x4E, 0x41, 0x50, 0x50, 0x59, 0]));
        Assert.Contains("gz", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_cut_and_each_flipped_bit_is_noticed()
    {
        var end = Array.LastIndexOf(Whole, (byte)'/') - sizeof(int);
        for (var length = 0; length < end; length++)
            AssertRefused(Whole[..length]);
        for (var place = 0; place < end; place++)
        {
            var damaged = Whole.ToArray();
            damaged[place] ^= 0x10;
            AssertRefused(damaged);
        }
    }

    [Fact]
    public void A_file_that_is_no_snapshot_is_wrong_use_and_named()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "no snapshot at all");
            var wrong = Assert.Throws<CommandException>(() => SnapshotReader.Read(file));
            Assert.Equal(ExitCodes.WrongUse, wrong.ExitCode);
            Assert.Contains(file, wrong.Message, StringComparison.Ordinal);
            File.Delete(file);
            Assert.Throws<CommandException>(() => SnapshotReader.Read(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ZnodeKinds Read(byte[] bytes) => SnapshotReader.Read(new MemoryStream(bytes));

    private static void AssertRefused(byte[] bytes)
    {
        var refusal = Record.Exception(() => Read(bytes));
        Assert.True(refusal is InvalidDataException or EndOfStreamException, $"{refusal}");
    }
}
