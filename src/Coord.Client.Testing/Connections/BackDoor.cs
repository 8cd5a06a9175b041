using System.Buffers;
using System.Buffers.Binary;
using Coord.Node.Clients;
using Coord.Protocol;

namespace Coord.Client.Testing;

/// <summary>A connection that nobody reads: over it a test ends the session of somebody else.</summary>
internal sealed class BackDoor : IClientTransport
{
    private readonly ArrayBufferWriter<byte> unread = new();

    public string RemoteAddress => "test";

    public IBufferWriter<byte> Output => unread;

    /// <summary>The request that ends the session.</summary>
    public static byte[] CloseFrame()
    {
        var frame = new byte[3 * sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(frame, 2 * sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(sizeof(int)), 1);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(2 * sizeof(int)), (int)OpCode.CloseSession);
        return frame;
    }

    public bool Flush()
    {
        unread.ResetWrittenCount();
        return true;
    }

    public void GiveBack(int requests, long bytes)
    {
        // It never waits for room.
    }

    public void Close()
    {
        // There is no socket behind it.
    }
}
