using System.Buffers.Binary;
using System.Text;

namespace Coord.Interop.Moving;

/// <summary>
/// Requests that make znodes of every kind, as ZooKeeper's clients write them (zookeeper-protocol 2.1, 2.2).
/// </summary>
internal static class ZooKeeperFrames
{
    private const int Create = 1;
    private const int CreateContainer = 19;
    private const int CreateTtl = 21;
    private const int Persistent = 0;
    private const int Ephemeral = 1;
    private const int PersistentSequential = 2;
    private const int Container = 4;
    private const int WithTtl = 5;

    public static byte[] Plain(int xid, string path, string data) => Of(xid, Create, path, data, Persistent);

    public static byte[] Short(int xid, string path) => Of(xid, Create, path, "", Ephemeral);

    public static byte[] Numbered(int xid, string path) => Of(xid, Create, path, "", PersistentSequential);

    public static byte[] Box(int xid, string path) => Of(xid, CreateContainer, path, "", Container);

    public static byte[] Timed(int xid, string path, long ttlMs) =>
        Framed([.. Body(xid, CreateTtl, path, "", WithTtl, Open), .. I64(ttlMs)]);

    /// <summary>Everybody may read it and its ACL, one user may do everything.</summary>
    public static byte[] Guarded(int xid, string path, string digest) =>
        Framed(Body(xid, Create, path, "guarded", Persistent, Acl(17, digest)));

    /// <summary>Readable by everybody: to them servers do not show the hash of the user who may do the rest.</summary>
    public static byte[] Masked(int xid, string path, string digest) => Framed(Body(
        xid, Create, path, "masked", Persistent, Acl(1, digest)));

    private static byte[] Acl(int world, string digest) =>
    [
        .. I32(2), .. I32(world), .. Text("world"), .. Text("anyone"), .. I32(31), .. Text("digest"), .. Text(digest),
    ];

    private static byte[] Open => [.. I32(1), .. I32(31), .. Text("world"), .. Text("anyone")];

    private static byte[] Of(int xid, int operation, string path, string data, int flags) =>
        Framed(Body(xid, operation, path, data, flags, Open));

    private static byte[] Body(int xid, int operation, string path, string data, int flags, byte[] acl) =>
        [.. I32(xid), .. I32(operation), .. Text(path), .. Text(data), .. acl, .. I32(flags)];

    private static byte[] Framed(byte[] payload) => [.. I32(payload.Length), .. payload];

    private static byte[] Text(string text) =>
        [.. I32(Encoding.UTF8.GetByteCount(text)), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] I32(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] I64(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}
