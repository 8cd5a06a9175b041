namespace Coord.Node.Peers;

/// <summary>
/// Frames of the handshake: a hello, and the answer to it, which is a verdict and the other side's hello.
/// </summary>
internal static class HelloCodec
{
    public static byte[] WriteHello(PeerHello hello)
    {
        var frame = new byte[PeerFrame.HeaderBytes + hello.EncodedLength];
        var writer = new WireWriter(frame.AsSpan(PeerFrame.HeaderBytes));
        hello.Write(ref writer);
        PeerFrame.Seal(frame, PeerMessageKind.Hello, writer.Position);
        return frame;
    }

    public static byte[] WriteAnswer(PeerVerdict verdict, PeerHello hello)
    {
        var frame = new byte[PeerFrame.HeaderBytes + 1 + hello.EncodedLength];
        var writer = new WireWriter(frame.AsSpan(PeerFrame.HeaderBytes));
        writer.Byte((byte)verdict);
        hello.Write(ref writer);
        PeerFrame.Seal(frame, PeerMessageKind.HelloAnswer, writer.Position);
        return frame;
    }

    public static PeerHello? ReadHello(ReadOnlyMemory<byte> frame)
    {
        if (!PeerFrame.TryOpen(frame, out var kind, out var payload) || kind != PeerMessageKind.Hello)
            return null;
        var reader = new WireReader(payload);
        var hello = PeerHello.Read(ref reader);
        return reader.IsComplete ? hello : null;
    }

    public static PeerHello? ReadAnswer(ReadOnlyMemory<byte> frame, out PeerVerdict verdict)
    {
        verdict = PeerVerdict.NotReady;
        if (!PeerFrame.TryOpen(frame, out var kind, out var payload) || kind != PeerMessageKind.HelloAnswer)
            return null;
        var reader = new WireReader(payload);
        verdict = (PeerVerdict)reader.Byte();
        var hello = PeerHello.Read(ref reader);
        return reader.IsComplete ? hello : null;
    }
}
