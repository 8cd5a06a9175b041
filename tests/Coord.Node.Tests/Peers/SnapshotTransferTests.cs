using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Node.Storage;
using Coord.Raft;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Node.Tests.Peers;

/// <summary>Snapshots on their way to a node that lags behind the log (raft-design S6, S7).</summary>
public sealed class SnapshotTransferTests : IDisposable
{
    private static readonly NodeLimits Small = NodeLimits.Default with { SnapshotChunkBytes = 1_000 };
    private static readonly SnapshotId Id = new(new LogIndex(50), new Term(3));
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-transfer-");

    [Fact]
    public void A_snapshot_arrives_whole_in_a_window_of_chunks()
    {
        var (here, there) = (Store("here"), Store("there"));
        using var source = Write(here, 9_500);
        var sending = new SnapshotSending(source, new Term(4), Small);
        var underWayMax = Run(sending, Receiving(there, sending));
        Assert.Equal(SnapshotOutcome.Complete, sending.Outcome);
        Assert.Equal(here.List(), there.List());
        Assert.Equal(Small.SnapshotChunksInFlightMax, underWayMax);
    }

    [Fact]
    public void A_transfer_that_broke_off_goes_on_where_it_stopped()
    {
        var (here, there) = (Store("here"), Store("there"));
        using var source = Write(here, 9_500);
        var first = new SnapshotSending(source, new Term(4), Small);
        using (var receiving = Receiving(there, first))
        {
            first.Receive(receiving.Begin());
            for (var i = 0; i < 3; i++)
                first.Receive(receiving.Receive(first.Next()));
        }

        var again = new SnapshotSending(source, new Term(4), Small);
        var rest = Receiving(there, again);
        Assert.Equal(new SnapshotResume(3_000), rest.Begin());
        again.Receive(new SnapshotResume(3_000));
        Run(again, rest);
        Assert.Equal(SnapshotOutcome.Complete, again.Outcome);
        Assert.Equal(here.List(), there.List());
    }

    [Fact]
    public void A_snapshot_that_is_there_already_is_not_sent_again()
    {
        var here = Store("here");
        using var source = Write(here, 100);
        var sending = new SnapshotSending(source, new Term(4), Small);
        Assert.Equal(new SnapshotVerdict(SnapshotOutcome.Complete), Receiving(here, sending).Begin());
    }

    /// <summary>raft-design S7: what differs from the offer is thrown away, not installed.</summary>
    [Fact]
    public void A_flipped_byte_is_found_and_the_next_attempt_begins_from_zero()
    {
        var (here, there) = (Store("here"), Store("there"));
        using var source = Write(here, 2_500);
        var sending = new SnapshotSending(source, new Term(4), Small);
        using var receiving = Receiving(there, sending);
        sending.Receive(receiving.Begin());
        while (sending.Outcome is null)
        {
            var chunk = (SnapshotChunk)sending.Next()!;
            var bytes = chunk.Bytes.ToArray();
            bytes[bytes.Length / 2] ^= chunk.Offset == 1_000 ? (byte)4 : (byte)0;
            sending.Receive(receiving.Receive(chunk with { Bytes = bytes }));
        }

        Assert.Equal(SnapshotOutcome.Damaged, sending.Outcome);
        Assert.Empty(there.List());
        using var again = new SnapshotReceiving(there, receiving.Offer);
        Assert.Equal(new SnapshotResume(0), again.Begin());
    }

    [Fact]
    public void Chunks_out_of_place_end_the_transfer()
    {
        using var source = Write(Store("here"), 2_500);
        var offer = new SnapshotOffer(new Term(4), source.Snapshot);
        foreach (var wrong in new SnapshotMessage?[]
        {
            new SnapshotChunk(1_000, new byte[10]), new SnapshotChunk(0, default), new SnapshotStored(5), null,
            new SnapshotChunk(0, new byte[1_000_000]),
        })
        {
            using var receiving = new SnapshotReceiving(Store("there"), offer);
            Assert.Equal(new SnapshotResume(0), receiving.Begin());
            Assert.Null(receiving.Receive(wrong));
            Assert.True(receiving.IsBroken);
        }
    }

    [Fact]
    public void A_snapshot_crosses_a_connection_of_its_own_and_both_sides_are_told()
    {
        using var pair = new Pair(folder.FullName);
        using var source = Write(pair.Stores[0], 5_000_000);
        pair.Nodes[0].Links.SendSnapshot(new NodeId(2), Id, new Term(4));
        Assert.Equal(
            new SnapshotArrived(new NodeId(1), new Term(4), Id), pair.Nodes[1].Inbox.Next<SnapshotArrived>());
        Assert.Equal(
            new SnapshotSendEnded(new NodeId(2), Id, Success: true), pair.Nodes[0].Inbox.Next<SnapshotSendEnded>());
        Assert.Equal(pair.Stores[0].List(), pair.Stores[1].List());
    }

    [Fact]
    public void A_snapshot_that_is_gone_or_a_peer_that_is_gone_ends_as_a_failure()
    {
        using var pair = new Pair(folder.FullName);
        pair.Nodes[0].Links.SendSnapshot(new NodeId(2), Id, new Term(4));
        Assert.False(pair.Nodes[0].Inbox.Next<SnapshotSendEnded>().Success);
        using var source = Write(pair.Stores[0], 100);
        pair.Nodes[1].Dispose();
        pair.Nodes[0].Links.SendSnapshot(new NodeId(2), Id, new Term(4));
        Assert.False(pair.Nodes[0].Inbox.Next<SnapshotSendEnded>().Success);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static SnapshotReceiving Receiving(SnapshotStore store, SnapshotSending sending) =>
        new(store, (SnapshotOffer)sending.Next()!);

    private static int Run(SnapshotSending sending, SnapshotReceiving receiving)
    {
        var answers = new Queue<SnapshotMessage>();
        if (receiving.Begin() is SnapshotResume { Offset: 0 } first)
            sending.Receive(first);
        var most = 0;
        while (sending.Outcome is null)
        {
            while (sending.Next() is { } chunk)
                answers.Enqueue(receiving.Receive(SnapshotCodec.Read(SnapshotCodec.Write(chunk)))!);
            most = Math.Max(most, answers.Count);
            sending.Receive(SnapshotCodec.Read(SnapshotCodec.Write(answers.Dequeue())));
            Assert.False(sending.IsBroken || receiving.IsBroken);
        }

        receiving.Dispose();
        return most;
    }

    private static SnapshotSource Write(SnapshotStore store, int bytes)
    {
        using (var writer = store.BeginWrite(Id.Index, Id.Term))
        {
            var body = new byte[bytes];
            Random.Shared.NextBytes(body);
            writer.Append(body);
            writer.Complete();
        }

        return store.OpenSource(Id)!;
    }

    private SnapshotStore Store(string name) => Store(Path.Combine(folder.FullName, name), Small);

    private static SnapshotStore Store(string path, NodeLimits limits)
    {
        Directory.CreateDirectory(path);
        return new SnapshotStore(new LinuxFileSystem(), path, 77, limits);
    }

    private sealed class Pair : IDisposable
    {
        public Pair(string folder)
        {
            var cluster = TestPeer.Cluster(2);
            var genesis = TestPeer.GenesisOf(cluster);
            Stores = [Store(Path.Combine(folder, "1"), Small), Store(Path.Combine(folder, "2"), Small)];
            Nodes = [new TestPeer(cluster, 1, 101, 1, genesis), new TestPeer(cluster, 2, 102, 1, genesis)];
            for (var i = 0; i < 2; i++)
            {
                var node = Nodes[i];
                node.Begin(new SnapshotTransfers(
                    Stores[i], node.Links.Dialer, node.Inbox, Small, NullLogger.Instance));
            }
        }

        public SnapshotStore[] Stores { get; }

        public TestPeer[] Nodes { get; }

        public void Dispose()
        {
            foreach (var node in Nodes)
                node.Dispose();
        }
    }
}
