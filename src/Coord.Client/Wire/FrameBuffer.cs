using System.Buffers.Binary;
using Coord.Protocol;

namespace Coord.Client;

/// <summary>
/// Bytes received, cut into frames. A reply over the limit is shown as its header alone and the rest skipped.
/// </summary>
internal sealed class FrameBuffer(int maxFrameBytes)
{
    private const int PrefixLength = sizeof(int);
    private const int KeptBytes = 256 * 1024;

    private byte[] bytes = new byte[64 * 1024];
    private int start;
    private int end;
    private long toSkip;

    /// <summary>Receives once, growing for a frame that does not fit.</summary>
    /// <returns>False when the connection ended.</returns>
    /// <exception cref="ProtocolViolationException">The length of a frame is negative.</exception>
    internal bool Fill(Transport transport)
    {
        MakeRoom();
        var count = transport.Receive(bytes.AsSpan(end));
        if (count <= 0)
            return false;
        end += count;
        SkipRest();
        return true;
    }

    /// <summary>
    /// How many complete frames are here that answer a request of the queue (neither event nor ping).
    /// </summary>
    internal int CountAnswers()
    {
        var count = 0;
        var position = start;
        while (TryMeasure(position, out var length, out var isTooLarge))
        {
            var xid = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(position + PrefixLength));
            if (xid is not (ReplyXid.Event or ReplyXid.Ping))
                count++;
            if (isTooLarge)
                break;
            position += PrefixLength + length;
        }

        return count;
    }

    /// <summary>The next complete frame; valid until <see cref="Fill"/>.</summary>
    internal bool TryNext(out ReadOnlySpan<byte> payload, out bool isTooLarge)
    {
        payload = default;
        if (!TryMeasure(start, out var length, out isTooLarge))
            return false;
        var shown = isTooLarge ? ReplyHeader.EncodedLength : length;
        payload = bytes.AsSpan(start + PrefixLength, shown);
        start += PrefixLength + shown;
        toSkip = length - shown;
        return true;
    }

    /// <summary>Passes over what is left of a frame over the limit.</summary>
    /// <returns>True when frames may follow that were not counted yet.</returns>
    internal bool SkipRest()
    {
        if (toSkip == 0)
            return false;
        var skipped = (int)Math.Min(toSkip, end - start);
        start += skipped;
        toSkip -= skipped;
        return toSkip == 0 && end > start;
    }

    private bool TryMeasure(int position, out int length, out bool isTooLarge)
    {
        length = 0;
        isTooLarge = false;
        if (toSkip > 0 || end - position < PrefixLength)
            return false;
        length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(position));
        if (length < ReplyHeader.EncodedLength)
            throw new ProtocolViolationException($"a frame of {length} bytes");
        isTooLarge = length > maxFrameBytes;
        var needed = isTooLarge ? ReplyHeader.EncodedLength : length;
        return end - position - PrefixLength >= needed;
    }

    private void MakeRoom()
    {
        if (start == end)
        {
            start = end = 0;
            if (bytes.Length > KeptBytes)
                bytes = new byte[KeptBytes];
        }
        else if (end == bytes.Length || start > bytes.Length / 2)
        {
            bytes.AsSpan(start, end - start).CopyTo(bytes);
            end -= start;
            start = 0;
        }

        var needed = NeededForNext();
        if (needed > bytes.Length)
            Array.Resize(ref bytes, needed);
    }

    private int NeededForNext()
    {
        if (toSkip > 0 || end - start < PrefixLength)
            return bytes.Length;
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(start));
        return length <= maxFrameBytes ? start + PrefixLength + length : bytes.Length;
    }
}
