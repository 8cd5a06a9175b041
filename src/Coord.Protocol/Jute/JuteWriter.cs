using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Coord.Protocol;

/// <summary>
/// Writes ZooKeeper's record encoding. What was written reaches the output with <see cref="Complete"/>, which has to be
/// the last call. Source: zookeeper-protocol 1.2.
/// </summary>
public ref struct JuteWriter
{
    // One request for room serves many small fields.
    private const int RoomBytes = 256;

    private readonly IBufferWriter<byte> _output;
    private Span<byte> _room;
    private int _used;

    /// <summary>Begins at the end of what the output holds.</summary>
    /// <param name="output">Where the bytes go. Nobody else may write to it before <see cref="Complete"/>.</param>
    public JuteWriter(IBufferWriter<byte> output) => _output = output;

    /// <summary>Writes one byte.</summary>
    /// <param name="value">The byte.</param>
    public void WriteByte(byte value) => Take(1)[0] = value;

    /// <summary>Writes 1 or 0.</summary>
    /// <param name="value">The truth value.</param>
    public void WriteBool(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>Writes four bytes, big-endian.</summary>
    /// <param name="value">The number.</param>
    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    /// <summary>Writes eight bytes, big-endian.</summary>
    /// <param name="value">The number.</param>
    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);

    /// <summary>Writes a length and the bytes.</summary>
    /// <param name="bytes">A buffer, or a string's UTF-8. Empty is written as empty, not as null.</param>
    public void WriteBuffer(ReadOnlySpan<byte> bytes)
    {
        WriteInt32(bytes.Length);
        WriteRaw(bytes);
    }

    /// <summary>Writes a length and the bytes, or null.</summary>
    /// <param name="bytes">A buffer, or a string's UTF-8.</param>
    /// <param name="isNull">Writes null, whatever the bytes.</param>
    public void WriteNullable(ReadOnlySpan<byte> bytes, bool isNull)
    {
        if (isNull)
            WriteNullBuffer();
        else
            WriteBuffer(bytes);
    }

    /// <summary>Writes a null buffer or a null string.</summary>
    public void WriteNullBuffer() => WriteInt32(-1);

    /// <summary>Writes a length and the string's UTF-8.</summary>
    /// <param name="text">Not null.</param>
    public void WriteString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var length = Encoding.UTF8.GetByteCount(text);
        WriteInt32(length);
        Encoding.UTF8.GetBytes(text, Take(length));
    }

    /// <summary>Writes how many elements of a vector follow.</summary>
    /// <param name="count">-1 for a null vector.</param>
    public void WriteVectorCount(int count) => WriteInt32(count);

    /// <summary>Hands everything written to the output.</summary>
    public void Complete()
    {
        if (_used > 0)
            _output.Advance(_used);
        _room = default;
        _used = 0;
    }

    /// <summary>Writes bytes that are encoded already, without a length.</summary>
    /// <param name="bytes">Encoded records.</param>
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= _room.Length - _used)
        {
            bytes.CopyTo(Take(bytes.Length));
            return;
        }

        // Long ones may be spread over several pieces of the output.
        Complete();
        _output.Write(bytes);
    }

    private Span<byte> Take(int length)
    {
        if (_room.Length - _used < length)
        {
            Complete();
            _room = _output.GetSpan(Math.Max(length, RoomBytes));
        }

        var taken = _room.Slice(_used, length);
        _used += length;
        return taken;
    }
}
