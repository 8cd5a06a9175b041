using Coord.Node.Storage;
using Coord.Node.Tests.Members;
using Coord.Raft;
using Coord.Simulation.Disk;

namespace Coord.Node.Tests.Storage;

/// <summary>
/// raft-design I8: the bytes on disk, as they are. A test that fails here says that older files can no longer be
/// read: then the format number grows, and both are read.
/// </summary>
public class FileFormatTests
{
    private static readonly LogIdentity Identity = new(0x0102030405060708, 3, 0x1112131415161718);

    [Fact]
    public void A_segment_header_is_laid_out_as_written_down()
    {
        var block = new byte[SegmentHeader.Length];
        Header().Write(block);
        Assert.Equal(
            "434F524453454731" + "01000000" + "03000000"
            + "08070605040302010000000000000000" + "18171615141312110000000000000000"
            + "0700000000000000" + "6500000000000000" + "0900000000000000" + "EFBEADDE" + "00000000"
            + "0000400000000000" + "0500000000000000" + "02000000" + "00000000"
            + "2800000000000000" + "0400000000000000",
            Convert.ToHexString(block.AsSpan(0, 120)));
        Assert.False(block.AsSpan(120, 3968).ContainsAnyExcept((byte)0));
        Assert.Equal("62A0C9CB", Convert.ToHexString(block.AsSpan(4088, 4)));
    }

    [Fact]
    public void A_batch_is_laid_out_as_written_down()
    {
        var encoder = new BatchEncoder();
        encoder.Begin(batch: 9, previousCrc: 0xDEADBEEF, Header().Salt);
        encoder.AddTermAndVote(new HardState(new Term(5), new NodeId(2)));
        encoder.AddEntries(0, [new Entry(new Term(5), new LogIndex(101), EntryKind.Command, "zxid"u8.ToArray())]);
        encoder.AddSnapshotMark(new SnapshotMark(new LogIndex(40), new Term(4)), reset: true);
        encoder.EndBatch();
        Assert.Equal(
            "100000006C8FBC52090000000000000002000000000000000500000000000000020000000000000015000000D9265F00"
            + "0900000000000000010000001100000065000000000000000500000000000000017A78696400000010000000289955DF"
            + "090000000000000003010000000000002800000000000000040000000000000020000000FD47A97C0900000000000000"
            + "04000000030000008000000000000000650000000000000065000000000000008A611E0358F9DC8B",
            Convert.ToHexString(encoder.Bytes));
    }

    [Fact]
    public void A_snapshot_is_laid_out_as_written_down()
    {
        var disk = new SimulatedDisk(1);
        disk.CreateDirectory("/s");
        var store = new SnapshotStore(disk, "/s", Identity.Cluster, NodeLimits.Default);
        using (var writer = store.BeginWrite(new LogIndex(40), new Term(4)))
        {
            writer.Append("chunk"u8);
            writer.Complete();
        }

        Assert.Equal(
            "434F5244534E503101000000000000000807060504030201000000000000000028000000000000000400000000000000"
            + "6C3AD3710000000000000000000000000500000090CF3B246368756E6B000000008E0DB66A0100000000000000050000"
            + "00000000005487F6E3158290BB7A24F44195DFAAE65290C2E9ECA0AD7A6E52711619338328",
            Convert.ToHexString(disk.ReadAll("/s/0000000000000004-0000000000000040.snap")));
    }

    [Fact]
    public void An_identity_is_laid_out_as_written_down()
    {
        var identity = new NodeIdentity
        {
            Node = 3,
            Incarnation = Identity.Incarnation,
            Cluster = Identity.Cluster,
            Genesis = [TestMember.Of(3, Identity.Incarnation)],
            Version = 1,
        };
        Assert.Equal(
            "434F524449444E3102000000030000001817161514131211000000000000000008070605040302010000000000000000"
            + "0100000000000000" + "4B000000" + "00000000" + "D7744CC7" + "00000000"
            + "01" + "01000000" + "03000000" + "18171615141312110000000000000000" + "EC080000" + "01"
            + "09003132372E302E302E31" + "EB080000" + "09003132372E302E302E31" + "87080000"
            + "09003132372E302E302E31" + "931F0000",
            Convert.ToHexString(identity.Encode()));
    }

    private static SegmentHeader Header() => new()
    {
        Identity = Identity,
        Number = 7,
        FirstIndex = 101,
        FirstBatch = 9,
        PreviousCrc = 0xDEADBEEF,
        FileLength = 4 * 1024 * 1024,
        HardState = new HardState(new Term(5), new NodeId(2)),
        Mark = new SnapshotMark(new LogIndex(40), new Term(4)),
    };
}
