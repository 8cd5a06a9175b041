namespace Coord.Node.Peers;

/// <summary>Encodes a batch of messages into one buffer and sends it in as few writes as its limit allows.</summary>
internal sealed class SendBuffer(int sendBytesMax)
{
    private byte[] bytes = new byte[64 * 1024];
    private int length;

    /// <summary>Sends all messages, in order; small ones together.</summary>
    public void Send(PeerSocket socket, List<PeerMessage> batch)
    {
        if (batch.Count == 0)
            return;
        foreach (var message in batch)
        {
            var needed = PeerCodec.FrameLength(message);
            if (length > 0 && length + needed > sendBytesMax)
                Flush(socket);
            Reserve(needed);
            length += PeerCodec.Write(message, bytes.AsSpan(length));
        }

        Flush(socket);
    }

    private void Flush(PeerSocket socket)
    {
        var count = length;
        length = 0; // Also when the send throws: the rest belongs to a dead connection.
        socket.Send(bytes.AsSpan(0, count));
        if (bytes.Length > 2 * sendBytesMax)
            bytes = new byte[sendBytesMax];
    }

    private void Reserve(int needed)
    {
        if (length + needed > bytes.Length)
            Array.Resize(ref bytes, Math.Max(length + needed, bytes.Length * 2));
    }
}
