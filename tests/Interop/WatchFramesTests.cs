using System.Buffers.Binary;
using System.Text;
using Coord.Interop.Wire;
using Coord.JepsenLike.Clients;
using static Coord.JepsenLike.Clients.Wire;

namespace Coord.Interop;

/// <summary>
/// Watches to the byte, as a client without a library would see them (zookeeper-protocol 6). Holds against Apache
/// ZooKeeper 3.8 as well, but for the zxid of an event, which is -1 before 3.9.
/// </summary>
[Collection(InteropCollection.Name)]
public sealed class WatchFramesTests
{
    private const int CheckWatches = 17;
    private const int RemoveWatches = 18;
    private const int SetWatches2 = 105;
    private const int AddWatch = 106;
    private const int Created = 1;
    private const int Deleted = 2;
    private const int DataChanged = 3;
    private const int ChildrenChanged = 4;
    private const int NoWatcher = -121;
    private const int Marshalling = -5;

    // Its own znodes, whatever other tests and earlier runs left.
    private readonly string _top = $"/watch_frames_{Guid.NewGuid():N}";

    [Fact]
    public void AddWatch_has_a_body_of_four_bytes_and_each_event_the_zxid_of_its_change()
    {
        using var connection = RawConnection.Greet(InteropCluster.Ports.First(), out _);
        var reply = connection.Call(PathAndNumber(1, AddWatch, _top, 1));
        Assert.Equal((1, 0), (reply.Xid, reply.Error));
        Assert.Equal([0, 0, 0, 0], reply.Body);

        connection.Send(CreateRequest(2, _top, "x"u8, CreateMode.Persistent));
        var zxid = AssertEvent(connection, Created, _top);
        var created = connection.ReceiveReply();
        Assert.Equal((2, zxid, 0), (created!.Xid, created.Zxid, created.Error));

        var create = CreateRequest(3, _top + "/a", "x"u8, CreateMode.Persistent);
        connection.Send([.. create, .. DeleteRequest(4, _top + "/a")]);
        AssertEvent(connection, Created, _top + "/a");
        Assert.Equal(3, connection.ReceiveReply()!.Xid);
        AssertEvent(connection, Deleted, _top + "/a");
        Assert.Equal(4, connection.ReceiveReply()!.Xid);
        connection.Send(DeleteRequest(5, _top));
        AssertEvent(connection, Deleted, _top);
        Assert.Equal(5, connection.ReceiveReply()!.Xid);
        Assert.Equal(0, connection.Call(PathAndNumber(6, RemoveWatches, _top, 3)).Error);
    }

    [Fact]
    public void A_watcher_on_another_node_hears_of_a_change_before_it_can_read_it()
    {
        using var writer = RawConnection.Greet(InteropCluster.Ports.First(), out _);
        using var watcher = RawConnection.Greet(InteropCluster.Ports.Last(), out _);
        Assert.Equal(0, writer.Call(CreateRequest(1, _top, "0"u8, CreateMode.Persistent)).Error);
        Assert.Equal(0, watcher.Call(SyncRequest(1, _top)).Error);
        for (var round = 0; round < 50; round++)
        {
            var watched = watcher.Call(ReadRequest(2, GetData, _top, watch: true));
            var version = VersionOf(watched);
            writer.Send(SetDataRequest(3, _top, "x"u8, -1));

            // Reads without a watch until one shows the change: by then the event has come.
            var hasEvent = false;
            while (VersionOf(watched) == version)
            {
                watcher.Send(ReadRequest(4, GetData, _top));
                watched = watcher.ReceiveReply()!;
                if (watched.Xid != EventXid)
                    continue;
                hasEvent = true;
                watched = watcher.ReceiveReply()!;
                Assert.Equal(4, watched.Xid);
            }

            Assert.True(hasEvent, $"round {round}: a read showed the change ahead of its event");
            Assert.Equal(0, writer.ReceiveReply()!.Error);
        }
    }

    [Fact]
    public void SetWatches2_replays_ahead_of_its_reply_with_zxid_minus_one()
    {
        using var connection = RawConnection.Greet(InteropCluster.Ports.First(), out _);
        var seen = connection.Call(CreateRequest(1, _top, "0"u8, CreateMode.Persistent)).Zxid;
        Assert.Equal(0, connection.Call(SetDataRequest(2, _top, "1"u8, -1)).Error);
        Assert.Equal(0, connection.Call(CreateRequest(3, _top + "/a", "0"u8, CreateMode.Persistent)).Error);
        connection.Send(Restore(seen, [_top, _top + "/gone"], [_top], [_top, _top + "/gone"], [_top + "/p"], [_top]));
        foreach (var (type, path) in new[]
        {
            (DataChanged, _top), (Deleted, _top + "/gone"), (Created, _top), (ChildrenChanged, _top),
            (Deleted, _top + "/gone"),
        })
            Assert.Equal(-1, AssertEvent(connection, type, path));

        var reply = connection.ReceiveReply();
        Assert.Equal((-8, 0, 0), (reply!.Xid, reply.Error, reply.Body.Length));
        Assert.Equal(0, connection.Call(PathAndNumber(4, CheckWatches, _top + "/p", 3)).Error);
    }

    [Fact]
    public void Removing_and_checking_watches_answers_without_a_body_and_sends_no_event()
    {
        using var connection = RawConnection.Greet(InteropCluster.Ports.First(), out _);
        Assert.Equal(-101, connection.Call(ReadRequest(1, Exists, _top, watch: true)).Error);
        foreach (var (op, type, error) in new[]
        {
            (CheckWatches, 2, 0), (CheckWatches, 3, 0), (CheckWatches, 1, NoWatcher), (RemoveWatches, 1, NoWatcher),
            (RemoveWatches, 2, 0), (RemoveWatches, 2, NoWatcher), (CheckWatches, 3, NoWatcher),
            (CheckWatches, 0, Marshalling), (RemoveWatches, 9, Marshalling),
        })
        {
            var reply = connection.Call(PathAndNumber(7, op, _top, type));
            Assert.Equal((7, error, 0), (reply.Xid, reply.Error, reply.Body.Length));
        }

        Assert.Equal(Marshalling, connection.Call(PathAndNumber(8, AddWatch, _top, 2)).Error);
        Assert.Equal(0, connection.Call(CreateRequest(9, _top, "0"u8, CreateMode.Persistent)).Error);
    }

    private static long AssertEvent(RawConnection connection, int type, string path)
    {
        var frame = connection.ReceiveReply();
        Assert.Equal((EventXid, 0), (frame!.Xid, frame.Error));
        byte[] expected = [0, 0, 0, (byte)type, 0, 0, 0, 3, .. Text(path)];
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(frame.Body));
        return frame.Zxid;
    }

    private static int VersionOf(RawReply reply) =>
        BinaryPrimitives.ReadInt32BigEndian(reply.Body.AsSpan(reply.Body.Length - StatBytes + 32));

    private static byte[] PathAndNumber(int xid, int op, string path, int number) =>
        Frame([.. Int(xid), .. Int(op), .. Text(path), .. Int(number)]);

    private static byte[] Restore(long relativeZxid, params string[][] lists)
    {
        var zxid = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(zxid, relativeZxid);
        var body = lists.SelectMany(list => (byte[])[.. Int(list.Length), .. list.SelectMany(Text)]);
        return Frame([.. Int(-8), .. Int(SetWatches2), .. zxid, .. body]);
    }

    private static byte[] Frame(byte[] payload) => [.. Int(payload.Length), .. payload];

    private static byte[] Text(string text) =>
        [.. Int(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Int(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
