namespace Coord.Protocol.Tests;

/// <summary>One frame of a capture, and what has to be known to read it.</summary>
/// <param name="Line">Where it stands in its file.</param>
/// <param name="IsRequest">From the client.</param>
/// <param name="Op">What is asked, or was; null for the handshake.</param>
/// <param name="Bytes">The whole frame, its length first.</param>
internal sealed record CapturedFrame(int Line, bool IsRequest, OpCode? Op, byte[] Bytes)
{
    public ReadOnlySpan<byte> Payload => Bytes.AsSpan(FrameReader.PrefixLength);
}
