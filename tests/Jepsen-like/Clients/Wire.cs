using System.Buffers.Binary;

namespace Coord.JepsenLike.Clients;

/// <summary>
/// The few ZooKeeper frames that this suite needs, written by hand: a checker that shares its encoding with what it
/// checks would share its mistakes. Big-endian; every frame begins with its length (zookeeper-protocol 1.1 to 1.5).
/// </summary>
internal static class Wire
{
    public const int Create = 1;
    public const int Delete = 2;
    public const int Exists = 3;
    public const int GetData = 4;
    public const int SetData = 5;
    public const int Sync = 9;
    public const int Ping = 11;
    public const int GetChildren2 = 12;
    public const int Check = 13;
    public const int Multi = 14;
    public const int SetWatches = 101;
    public const int SetWatches2 = 105;
    public const int AddWatch = 106;
    public const int CloseSession = -11;

    public const int EventXid = -1;

    public const int PasswordBytes = 16;
    public const int DatumBytes = 16;
    public const int StatBytes = 68;

    /// <summary>ConnectRequest with the readOnly byte.</summary>
    public static byte[] Connect(long lastZxid, int timeoutMs, long sessionId, ReadOnlySpan<byte> password)
    {
        var frame = new Frame();
        frame.Int(0);
        frame.Long(lastZxid);
        frame.Int(timeoutMs);
        frame.Long(sessionId);
        frame.Buffer(password);
        frame.Byte(0);
        return frame.Complete();
    }

    public static byte[] CreateRequest(int xid, string path, ReadOnlySpan<byte> data, CreateMode mode)
    {
        var frame = Request(xid, Create);
        frame.String(path);
        frame.Buffer(data);
        frame.Int(1);
        frame.Int(31);
        frame.String("world");
        frame.String("anyone");
        frame.Int((int)mode);
        return frame.Complete();
    }

    /// <summary>multi: all of the operations or none (zookeeper-protocol 2.4).</summary>
    public static byte[] MultiRequest(int xid, IReadOnlyList<MultiOperation> operations)
    {
        var frame = Request(xid, Multi);
        foreach (var operation in operations)
        {
            PutMultiHeader(frame, operation.Type, isLast: false);
            Put(frame, operation);
        }

        PutMultiHeader(frame, type: -1, isLast: true);
        return frame.Complete();
    }

    /// <summary>delete, whatever the version.</summary>
    public static byte[] DeleteRequest(int xid, string path)
    {
        var frame = Request(xid, Delete);
        frame.String(path);
        frame.Int(-1);
        return frame.Complete();
    }

    public static byte[] SetDataRequest(int xid, string path, ReadOnlySpan<byte> data, int version)
    {
        var frame = Request(xid, SetData);
        frame.String(path);
        frame.Buffer(data);
        frame.Int(version);
        return frame.Complete();
    }

    /// <summary>exists, getData or getChildren2.</summary>
    public static byte[] ReadRequest(int xid, int type, string path, bool watch = false)
    {
        var frame = Request(xid, type);
        frame.String(path);
        frame.Byte(watch ? (byte)1 : (byte)0);
        return frame.Complete();
    }

    /// <summary>setWatches, or setWatches2 where there are persistent watches (zookeeper-protocol 6.6).</summary>
    public static byte[] SetWatchesRequest(int xid, long relativeZxid, IReadOnlyDictionary<string, WatchList> watches)
    {
        var isSecond = watches.Values.Any(list => list > WatchList.Child);
        var frame = Request(xid, isSecond ? SetWatches2 : SetWatches);
        frame.Long(relativeZxid);
        for (var list = WatchList.Data; list <= (isSecond ? WatchList.Recursive : WatchList.Child); list++)
        {
            string[] paths = [.. watches.Where(watch => watch.Value == list).Select(watch => watch.Key)];
            frame.Int(paths.Length);
            foreach (var path in paths)
                frame.String(path);
        }

        return frame.Complete();
    }

    /// <summary>addWatch: a watch that stays, whether or not there is a znode.</summary>
    public static byte[] AddWatchRequest(int xid, string path, bool isRecursive)
    {
        var frame = Request(xid, AddWatch);
        frame.String(path);
        frame.Int(isRecursive ? 1 : 0);
        return frame.Complete();
    }

    public static byte[] SyncRequest(int xid, string path)
    {
        var frame = Request(xid, Sync);
        frame.String(path);
        return frame.Complete();
    }

    /// <summary>ping or closeSession: a header and nothing else.</summary>
    public static byte[] BareRequest(int xid, int type) => Request(xid, type).Complete();

    public static byte[] Datum(long amount, long tag)
    {
        var datum = new byte[DatumBytes];
        BinaryPrimitives.WriteInt64BigEndian(datum, amount);
        BinaryPrimitives.WriteInt64BigEndian(datum.AsSpan(8), tag);
        return datum;
    }

    private static void Put(Frame frame, MultiOperation operation)
    {
        frame.String(operation.Path);
        if (operation.Type == SetData)
            frame.Buffer(operation.Data);
        frame.Int(operation.Version);
    }

    private static void PutMultiHeader(Frame frame, int type, bool isLast)
    {
        frame.Int(type);
        frame.Byte(isLast ? (byte)1 : (byte)0);
        frame.Int(-1);
    }

    private static Frame Request(int xid, int type)
    {
        var frame = new Frame();
        frame.Int(xid);
        frame.Int(type);
        return frame;
    }
}
