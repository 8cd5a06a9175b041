using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Coord.Node.Clients;
using static Coord.Node.Tests.Processes.RawClient;

namespace Coord.Node.Tests.Replica;

/// <summary>A client of a <see cref="LoneReplica"/>: a connection in memory, and all that is sent is kept.</summary>
internal sealed class ReplicaClient : IClientTransport
{
    private const int EventXid = -1;

    private readonly LoneReplica replica;
    private readonly ClientSession session;
    private readonly ArrayBufferWriter<byte> output = new();
    private int taken;

    /// <summary>Connects with a new session.</summary>
    /// <param name="replica">Where.</param>
    /// <param name="early">Frames that it sends without waiting for the handshake's answer.</param>
    public ReplicaClient(LoneReplica replica, params byte[] early)
    {
        this.replica = replica;
        session = new ClientSession(this);
        var handshake = new ConnectHandshake(0, 10_000, 0, new byte[16], true, false);
        replica.TakeAll(new ClientConnecting(session, handshake));
        if (early.Length > 0)
            replica.TakeAll(new ClientFrames(session, early, Count: 1));
        while (output.WrittenCount == 0)
            replica.TakeAll();
        taken = 4 + BinaryPrimitives.ReadInt32BigEndian(output.WrittenSpan);
    }

    public string RemoteAddress => "10.0.0.1:1";

    /// <summary>Of the frames that were answered.</summary>
    public long BytesGivenBack { get; private set; }

    /// <summary>Nothing may be written behind it.</summary>
    public bool IsClosed { get; private set; }

    public IBufferWriter<byte> Output
    {
        get
        {
            Assert.False(IsClosed, "A closed connection's output was asked for.");
            return output;
        }
    }

    /// <summary>Requests that arrive in one read: their replies and the events since, readable.</summary>
    public List<string> Ask(params byte[][] requests)
    {
        Send(requests);
        return Received();
    }

    public void Send(params byte[][] requests)
    {
        byte[] frames = [.. requests.SelectMany(request => (byte[])[.. I32(request.Length), .. request])];
        replica.Take(new ClientFrames(session, frames, requests.Length));
    }

    /// <summary>"XID error", "XID error BODY" or "event TYPE PATH ZXID" for each frame since the last call.</summary>
    public List<string> Received() => [.. TakeFrames().Select(Readable)];

    /// <summary>It sends, and is gone before any of it is done.</summary>
    public void SendAndDisconnect(byte[] request) => replica.TakeAll(
        new ClientFrames(session, [.. I32(request.Length), .. request], Count: 1), new ClientGone(session));

    public void Disconnect() => replica.Take(new ClientGone(session));

    public bool Flush() => true;

    public void GiveBack(int requests, long bytes) => BytesGivenBack += bytes;

    public void Close() => IsClosed = true;

    public static byte[] Create(int xid, string path, params byte[] acl) =>
    [
        .. I32(xid), .. I32(1), .. Text(path), .. I32(0), .. acl.Length > 0 ? acl : Acl("world", "anyone"), .. I32(0),
    ];

    public static byte[] Set(int xid, string path) =>
        [.. I32(xid), .. I32(5), .. Text(path), .. I32(0), .. I32(-1)];

    public static byte[] Get(int xid, string path, bool watch = false) => Read(xid, 4, path, watch);

    public static byte[] Exists(int xid, string path, bool watch = false) => Read(xid, 3, path, watch);

    public static byte[] Children(int xid, string path, bool watch = false) => Read(xid, 8, path, watch);

    public static byte[] Sync(int xid, string path) => [.. I32(xid), .. I32(9), .. Text(path)];

    /// <summary>The same read with a barrier of its own.</summary>
    public static byte[] WithBarrier(byte[] read) => [.. read[..4], .. I32(1004), .. read[4..]];

    public static byte[] AddWatch(int xid, string path, int mode) =>
        [.. I32(xid), .. I32(106), .. Text(path), .. I32(mode)];

    public static byte[] CheckWatches(int xid, string path, int type) =>
        [.. I32(xid), .. I32(17), .. Text(path), .. I32(type)];

    public static byte[] RemoveWatches(int xid, string path, int type) =>
        [.. I32(xid), .. I32(18), .. Text(path), .. I32(type)];

    /// <summary>setWatches2, or setWatches for three lists.</summary>
    public static byte[] SetWatches(long relativeZxid, params string[][] lists) =>
    [
        .. I32(-8), .. I32(lists.Length == 3 ? 101 : 105), .. I64(relativeZxid),
        .. lists.SelectMany(list => (byte[])[.. I32(list.Length), .. list.SelectMany(Text)]),
    ];

    public static byte[] WatchFrom(int xid, long zxid, string[] persistent, string[] recursive) =>
    [
        .. I32(xid), .. I32(1008), .. I64(zxid), .. I32(persistent.Length), .. persistent.SelectMany(Text),
        .. I32(recursive.Length), .. recursive.SelectMany(Text),
    ];

    public static byte[] Auth(int xid, string userAndPassword) =>
        [.. I32(xid), .. I32(100), .. I32(0), .. Text("digest"), .. Text(userAndPassword)];

    public static byte[] CloseSession(int xid) => [.. I32(xid), .. I32(-11)];

    public static byte[] Acl(string scheme, string id) => [.. I32(1), .. I32(31), .. Text(scheme), .. Text(id)];

    private static byte[] Read(int xid, int type, string path, bool watch) =>
        [.. I32(xid), .. I32(type), .. Text(path), watch ? (byte)1 : (byte)0];

    private List<byte[]> TakeFrames()
    {
        var frames = new List<byte[]>();
        while (taken < output.WrittenCount)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(output.WrittenSpan[taken..]);
            frames.Add(output.WrittenSpan.Slice(taken + 4, length).ToArray());
            taken += 4 + length;
        }

        return frames;
    }

    private static string Readable(byte[] frame)
    {
        var xid = BinaryPrimitives.ReadInt32BigEndian(frame);
        var zxid = BinaryPrimitives.ReadInt64BigEndian(frame.AsSpan(4));
        var body = frame.AsSpan(16);
        if (xid != EventXid)
        {
            var head = $"{xid} {BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(12))}";
            return body.Length is > 0 and < 8 ? $"{head} {Convert.ToHexString(body)}" : head;
        }

        Assert.Equal(3, BinaryPrimitives.ReadInt32BigEndian(body[4..]));
        var text = $"event {BinaryPrimitives.ReadInt32BigEndian(body)} {Encoding.UTF8.GetString(body[12..])}";
        return zxid == -1 ? $"{text} -1" : text;
    }
}
