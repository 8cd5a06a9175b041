using System.Buffers;
using System.Buffers.Binary;

namespace Coord.Protocol;

/// <summary>Writes whole frames, length first. Source: zookeeper-protocol 1.1, 1.5.</summary>
public static class FrameWriter
{
    private const int EventXid = -1;
    private const int SyncConnected = 3;

    /// <summary>Writes a reply without a record: an error, or a success that has nothing to say.</summary>
    /// <param name="output">Where the frame goes.</param>
    /// <param name="xid">The request's own.</param>
    /// <param name="zxid">Of the write, or the last one applied.</param>
    /// <param name="error">How the request ended.</param>
    public static void WriteReply(IBufferWriter<byte> output, int xid, long zxid, ErrorCode error)
    {
        ArgumentNullException.ThrowIfNull(output);
        const int Length = FrameReader.PrefixLength + ReplyHeader.EncodedLength;
        var frame = output.GetSpan(Length);
        WriteHeader(frame, ReplyHeader.EncodedLength, xid, zxid, error);
        output.Advance(Length);
    }

    /// <summary>Writes a reply and a record that is encoded already.</summary>
    /// <param name="output">Where the frame goes.</param>
    /// <param name="xid">The request's own.</param>
    /// <param name="zxid">Of the write, or the last one applied.</param>
    /// <param name="record">The response record's bytes.</param>
    public static void WriteReply(IBufferWriter<byte> output, int xid, long zxid, ReadOnlySpan<byte> record)
    {
        BeginReply(output, xid, zxid, record.Length);
        output.Write(record);
    }

    /// <summary>Writes prefix and header of a successful reply whose record follows.</summary>
    /// <param name="output">Where the frame goes.</param>
    /// <param name="xid">The request's own.</param>
    /// <param name="zxid">Of the write, or the last one applied.</param>
    /// <param name="recordLength">Bytes that the caller writes next.</param>
    public static void BeginReply(IBufferWriter<byte> output, int xid, long zxid, int recordLength)
    {
        ArgumentNullException.ThrowIfNull(output);
        const int Length = FrameReader.PrefixLength + ReplyHeader.EncodedLength;
        WriteHeader(output.GetSpan(Length), ReplyHeader.EncodedLength + recordLength, xid, zxid, ErrorCode.Ok);
        output.Advance(Length);
    }

    /// <summary>Bytes of the whole frame of a watch event.</summary>
    /// <param name="pathLength">Bytes of its path.</param>
    public static int EventLength(int pathLength) =>
        FrameReader.PrefixLength + ReplyHeader.EncodedLength + (3 * sizeof(int)) + pathLength;

    /// <summary>Writes a watch event.</summary>
    /// <param name="output">Where the frame goes.</param>
    /// <param name="zxid">Of the entry that fired it; -1 for one that setWatches produced.</param>
    /// <param name="type">What happened.</param>
    /// <param name="path">UTF-8 path of the znode.</param>
    public static void WriteEvent(IBufferWriter<byte> output, long zxid, WatchEventType type, ReadOnlySpan<byte> path)
    {
        ArgumentNullException.ThrowIfNull(output);
        var length = EventLength(path.Length);
        var frame = output.GetSpan(length);
        WriteHeader(frame, length - FrameReader.PrefixLength, EventXid, zxid, ErrorCode.Ok);
        var body = frame[(FrameReader.PrefixLength + ReplyHeader.EncodedLength)..];
        BinaryPrimitives.WriteInt32BigEndian(body, (int)type);
        BinaryPrimitives.WriteInt32BigEndian(body[4..], SyncConnected);
        BinaryPrimitives.WriteInt32BigEndian(body[8..], path.Length);
        path.CopyTo(body[12..]);
        output.Advance(length);
    }

    /// <summary>Writes the answer to a handshake, which has no header.</summary>
    /// <param name="output">Where the frame goes.</param>
    /// <param name="response">The answer.</param>
    public static void WriteConnectResponse(IBufferWriter<byte> output, in ConnectResponse response)
    {
        ArgumentNullException.ThrowIfNull(output);
        var writer = new JuteWriter(output);
        writer.WriteInt32(response.EncodedLength);
        response.Write(ref writer);
        writer.Complete();
    }

    private static void WriteHeader(Span<byte> frame, int payloadLength, int xid, long zxid, ErrorCode error)
    {
        BinaryPrimitives.WriteInt32BigEndian(frame, payloadLength);
        BinaryPrimitives.WriteInt32BigEndian(frame[4..], xid);
        BinaryPrimitives.WriteInt64BigEndian(frame[8..], zxid);
        BinaryPrimitives.WriteInt32BigEndian(frame[16..], (int)error);
    }
}
