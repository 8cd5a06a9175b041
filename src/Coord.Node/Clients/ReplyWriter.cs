using System.Buffers;
using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>Writes the reply of an applied write: header, and the record on success (protocol 1.5).</summary>
internal static class ReplyWriter
{
    private const int HeaderLength = 16;

    /// <returns>Bytes written, without the length prefix.</returns>
    public static int Write(IBufferWriter<byte> output, int xid, ApplyResult result)
    {
        var bodyLength = result.ReplyBodyLength;
        var writer = new JuteWriter(output);
        writer.WriteInt32(HeaderLength + bodyLength);
        writer.WriteInt32(xid);
        writer.WriteInt64(result.ReplyZxid);
        writer.WriteInt32((int)result.Error);
        result.WriteReplyBody(ref writer);
        writer.Complete();
        return HeaderLength + bodyLength;
    }
}
