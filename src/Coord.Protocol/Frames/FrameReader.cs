using System.Buffers;
using System.Buffers.Binary;

namespace Coord.Protocol;

/// <summary>
/// Finds frames in a stream of bytes: four bytes of length, big-endian, and the payload. Nothing is copied, and nothing
/// is allocated by a length that the other side claims. Source: zookeeper-protocol 1.1.
/// </summary>
public static class FrameReader
{
    /// <summary>Bytes of the length before a payload.</summary>
    public const int PrefixLength = 4;

    /// <summary>Looks at the first frame.</summary>
    /// <param name="input">What has been received and not been consumed.</param>
    /// <param name="maxFrameBytes">Longest payload allowed; exactly so many bytes are accepted.</param>
    /// <param name="payloadLength">Bytes behind the prefix, as soon as the prefix is there; else 0.</param>
    /// <returns>Whether the whole frame is there, or why it never will be accepted.</returns>
    public static FrameStatus TryRead(ReadOnlySpan<byte> input, int maxFrameBytes, out int payloadLength)
    {
        if (!BinaryPrimitives.TryReadInt32BigEndian(input, out payloadLength))
            return FrameStatus.Incomplete;
        return StatusOf(payloadLength, maxFrameBytes, input.Length - PrefixLength);
    }

    /// <summary>Looks at the first frame.</summary>
    /// <param name="input">What has been received and not been consumed.</param>
    /// <param name="maxFrameBytes">Longest payload allowed; exactly so many bytes are accepted.</param>
    /// <param name="payloadLength">Bytes behind the prefix, as soon as the prefix is there; else 0.</param>
    /// <returns>Whether the whole frame is there, or why it never will be accepted.</returns>
    public static FrameStatus TryRead(in ReadOnlySequence<byte> input, int maxFrameBytes, out int payloadLength)
    {
        payloadLength = 0;
        if (input.Length < PrefixLength)
            return FrameStatus.Incomplete;
        if (!BinaryPrimitives.TryReadInt32BigEndian(input.FirstSpan, out payloadLength))
        {
            Span<byte> prefix = stackalloc byte[PrefixLength];
            input.Slice(0, PrefixLength).CopyTo(prefix);
            payloadLength = BinaryPrimitives.ReadInt32BigEndian(prefix);
        }

        return StatusOf(payloadLength, maxFrameBytes, input.Length - PrefixLength);
    }

    private static FrameStatus StatusOf(int payloadLength, int maxFrameBytes, long receivedBytes)
    {
        if (payloadLength < 0)
            return FrameStatus.Negative;
        if (payloadLength > maxFrameBytes)
            return FrameStatus.TooLong;
        return payloadLength <= receivedBytes ? FrameStatus.Complete : FrameStatus.Incomplete;
    }
}
