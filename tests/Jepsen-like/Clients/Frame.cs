using System.Buffers.Binary;
using System.Text;

namespace Coord.JepsenLike.Clients;

/// <summary>A frame in the making: its length, then what is put into it.</summary>
internal sealed class Frame
{
    private byte[] bytes = new byte[128];
    private int length = 4;

    public void Byte(byte value) => Room(1)[0] = value;

    public void Int(int value) => BinaryPrimitives.WriteInt32BigEndian(Room(4), value);

    public void Long(long value) => BinaryPrimitives.WriteInt64BigEndian(Room(8), value);

    public void String(string value) => Buffer(Encoding.UTF8.GetBytes(value));

    public void Buffer(ReadOnlySpan<byte> value)
    {
        Int(value.Length);
        value.CopyTo(Room(value.Length));
    }

    public byte[] Complete()
    {
        BinaryPrimitives.WriteInt32BigEndian(bytes, length - 4);
        return bytes[..length];
    }

    private Span<byte> Room(int count)
    {
        if (length + count > bytes.Length)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + count));

        length += count;
        return bytes.AsSpan(length - count, count);
    }
}
