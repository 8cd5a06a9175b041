using System.Buffers.Binary;
using Coord.Node.Replica;
using Coord.Node.Storage;
using Coord.Raft;
using Coord.Simulation.Disk;

namespace Coord.Node.Tests.Storage;

/// <summary>
/// raft-design I7: a node that is started with an older version than the one that wrote its files stops, and says so.
/// The danger: it takes what it cannot read for damage, and drops it.
/// </summary>
public sealed class NewerFormatTests
{
    private const string Folder = "/snapshots";

    [Fact]
    public void A_snapshot_file_of_a_newer_format_stops_the_node_and_stays()
    {
        var disk = Written("chunk"u8, out var path);
        var bytes = disk.ReadAll(path);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), 2);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(48), Checksum.Of(bytes.AsSpan(0, 48)));
        disk.Plant(path, bytes);
        var failure = Assert.Throws<DataUnusableException>(() => Open(disk));
        Assert.Contains("format 2, and this version reads 1", failure.Message, StringComparison.Ordinal);
        Assert.Equal(bytes, disk.ReadAll(path));
    }

    [Fact]
    public void A_state_of_a_newer_format_stops_the_node_and_is_not_taken_for_damage()
    {
        // A header chunk: kind 1, then the version of what the chunks hold.
        var disk = Written([1, 99, 0, 0, 0], out _);
        var store = Open(disk);
        var failure = Assert.Throws<DataUnusableException>(
            () => SnapshotLoading.TryLoad(store, store.List()[0].Id, indexSeed: 1));
        Assert.Contains("format version 99", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Start the version that wrote it", failure.Message, StringComparison.Ordinal);
        Assert.Single(store.List());
    }

    [Fact]
    public void A_state_that_makes_no_sense_is_damage()
    {
        var disk = Written([7, 7, 7], out _);
        var store = Open(disk);
        Assert.Null(SnapshotLoading.TryLoad(store, store.List()[0].Id, indexSeed: 1));
    }

    private static SimulatedDisk Written(ReadOnlySpan<byte> chunk, out string path)
    {
        var disk = new SimulatedDisk(1);
        disk.CreateDirectory(Folder);
        using var writer = Open(disk).BeginWrite(new LogIndex(10), new Term(2));
        writer.Append(chunk);
        path = $"{Folder}/{SnapshotFormat.FileName(writer.Complete().Id)}";
        return disk;
    }

    private static SnapshotStore Open(SimulatedDisk disk) => new(disk, Folder, 5, LogRig.SmallLimits);
}
