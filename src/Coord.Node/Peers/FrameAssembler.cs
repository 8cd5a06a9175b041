namespace Coord.Node.Peers;

/// <summary>
/// Cuts a stream of bytes into frames, each in an array of its own that is never pooled: decoded entries are slices
/// of
/// it (raft-design K5). A frame longer than the buffer is received straight into its array.
/// </summary>
internal sealed class FrameAssembler(int bufferBytes, int frameBytesMax)
{
    private readonly byte[] buffer = new byte[bufferBytes];
    private int start;
    private int end;
    private byte[]? large;
    private int largeFilled;

    /// <summary>The stream holds something that is no frame: the connection cannot go on.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>
    /// Where the next bytes go; never empty between calls of <see cref="TryTake"/> that returned false.
    /// </summary>
    public Memory<byte> Space => large is null ? buffer.AsMemory(end) : large.AsMemory(largeFilled);

    /// <summary>So many bytes were put into <see cref="Space"/>.</summary>
    public void Received(int count)
    {
        if (large is null)
            end += count;
        else
            largeFilled += count;
    }

    /// <summary>The next whole frame; false when more bytes are needed, or <see cref="IsBroken"/>.</summary>
    public bool TryTake(out byte[] frame)
    {
        if (large is not null)
            return TryTakeLarge(out frame);
        frame = [];
        var waiting = buffer.AsSpan(start, end - start);
        var length = PeerFrame.Measure(waiting, frameBytesMax);
        if (length < 0)
        {
            IsBroken = true;
            return false;
        }

        if (length > 0 && length <= waiting.Length)
        {
            frame = GC.AllocateUninitializedArray<byte>(length);
            waiting[..length].CopyTo(frame);
            start += length;
            return true;
        }

        if (length > buffer.Length)
            BeginLarge(length, waiting);
        else
            MoveToFront();
        return false;
    }

    private bool TryTakeLarge(out byte[] frame)
    {
        frame = [];
        if (largeFilled < large!.Length)
            return false;
        frame = large;
        large = null;
        return true;
    }

    private void BeginLarge(int length, ReadOnlySpan<byte> beginning)
    {
        large = GC.AllocateUninitializedArray<byte>(length);
        beginning.CopyTo(large);
        largeFilled = beginning.Length;
        start = end = 0;
    }

    private void MoveToFront()
    {
        if (start == 0)
            return;
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        end -= start;
        start = 0;
    }
}
