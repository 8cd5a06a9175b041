using System.Buffers.Binary;

namespace Coord.Cli.Snapshots;

/// <summary>Jute's numbers and buffers from a stream, with the Adler-32 of all bytes read so far.</summary>
internal sealed class JuteStream(Stream stream)
{
    // ZooKeeper's own bound for what it reads back is far below.
    private const int BufferBytesMax = 256 * 1024 * 1024;
    private const uint AdlerModulus = 65_521;

    private byte[] scratch = new byte[1024];
    private uint low = 1;
    private uint high;

    public long Checksum => ((long)high << 16) | low;

    public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    public long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    /// <summary>A buffer or string, valid until the next read; null is empty.</summary>
    public ReadOnlySpan<byte> Buffer()
    {
        var length = Int();
        if (length > BufferBytesMax)
            throw new InvalidDataException($"is damaged: a value of {length} bytes");
        return Take(Math.Max(length, 0));
    }

    public void SkipBuffer() => Buffer();

    public void Skip(int count) => Take(count);

    private ReadOnlySpan<byte> Take(int count)
    {
        if (scratch.Length < count)
            scratch = new byte[Math.Max(count, scratch.Length * 2)];
        var bytes = scratch.AsSpan(0, count);
        stream.ReadExactly(bytes);
        foreach (var value in bytes)
        {
            low = (low + value) % AdlerModulus;
            high = (high + low) % AdlerModulus;
        }

        return bytes;
    }
}
