using System.Buffers.Binary;
using System.Text;

namespace Coord.JepsenLike.Clients;

/// <summary>A reply: its header's fields and its body.</summary>
internal readonly record struct Reply(int Xid, long Zxid, int Error, ReadOnlyMemory<byte> Body)
{
    private const int HeaderBytes = 16;

    // zookeeper-protocol 6.3: the only state that servers name.
    private const int SyncConnected = 3;

    public static Reply Parse(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length < HeaderBytes)
            throw new ProtocolViolationException($"a reply of {payload.Length} bytes");

        var span = payload.Span;
        return new Reply(BinaryPrimitives.ReadInt32BigEndian(span), BinaryPrimitives.ReadInt64BigEndian(span[4..]),
            BinaryPrimitives.ReadInt32BigEndian(span[12..]), payload[HeaderBytes..]);
    }

    /// <summary>Reads a body that is a Stat: mzxid and data version.</summary>
    public (long ModifiedZxid, int Version) Stat() => StatAt(0);

    /// <summary>Reads a body that is a datum of ours and a Stat.</summary>
    public (long Amount, long Tag, long ModifiedZxid, int Version) DatumAndStat()
    {
        var span = Body.Span;
        if (span.Length != 4 + Wire.DatumBytes + Wire.StatBytes ||
            BinaryPrimitives.ReadInt32BigEndian(span) != Wire.DatumBytes)
            throw new ProtocolViolationException($"a getData body of {span.Length} bytes");

        var (modified, version) = StatAt(4 + Wire.DatumBytes);
        return (BinaryPrimitives.ReadInt64BigEndian(span[4..]), BinaryPrimitives.ReadInt64BigEndian(span[12..]),
            modified, version);
    }

    /// <summary>Reads a body that is a WatcherEvent: type, state, path.</summary>
    public WatchEvent Event()
    {
        var span = Body.Span;
        if (span.Length < 12 || BinaryPrimitives.ReadInt32BigEndian(span[8..]) != span.Length - 12)
            throw new ProtocolViolationException($"an event of {span.Length} bytes");

        var type = (WatchEventType)BinaryPrimitives.ReadInt32BigEndian(span);
        var state = BinaryPrimitives.ReadInt32BigEndian(span[4..]);
        if (!Enum.IsDefined(type) || state != SyncConnected)
            throw new ProtocolViolationException($"an event of type {(int)type} in state {state}");
        return new WatchEvent(Zxid, type, Encoding.UTF8.GetString(span[12..]));
    }

    private (long ModifiedZxid, int Version) StatAt(int offset)
    {
        var span = Body.Span;
        if (span.Length != offset + Wire.StatBytes)
            throw new ProtocolViolationException($"a body of {span.Length} bytes, expected {offset + Wire.StatBytes}");

        return (BinaryPrimitives.ReadInt64BigEndian(span[(offset + 8)..]),
            BinaryPrimitives.ReadInt32BigEndian(span[(offset + 32)..]));
    }
}
