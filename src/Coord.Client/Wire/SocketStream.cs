namespace Coord.Client;

/// <summary>A connection's blocking calls as the stream that TLS wants.</summary>
internal sealed class SocketStream(SocketStream.Receiver receive, Action<ReadOnlySpan<byte>> send) : Stream
{
    internal delegate int Receiver(Span<byte> into);

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer) => receive(buffer);

    public override int Read(byte[] buffer, int offset, int count) => receive(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => send(buffer);

    public override void Write(byte[] buffer, int offset, int count) => send(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Each write goes to the socket.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
