using System.Buffers.Binary;
using System.Text;

namespace Coord.Differential.Wire;

/// <summary>Reads a reply's record; bytes that are missing are an <see cref="InvalidDataException"/>.</summary>
internal sealed class RecordReader(byte[] bytes, int at)
{
    private int _at = at;

    public int Left => bytes.Length - _at;

    public byte Byte() => Take(1)[0];

    public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public byte[]? Buffer()
    {
        var length = Int();
        return length < 0 ? null : Take(length).ToArray();
    }

    public string? Text() => Buffer() is { } text ? Encoding.UTF8.GetString(text) : null;

    public IEnumerable<T> Vector<T>(Func<RecordReader, T> read)
    {
        for (var count = Int(); count > 0; count--)
            yield return read(this);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > Left)
            throw new InvalidDataException($"{count} bytes wanted at {_at} of {bytes.Length}");
        _at += count;
        return bytes.AsSpan(_at - count, count);
    }
}
