using System.Buffers.Binary;

namespace Coord.Protocol;

/// <summary>
/// Reads ZooKeeper's record encoding from bytes in memory. Every method returns false, and leaves the reader where it
/// is of no further use, when the bytes end too early or a length makes no sense; none allocates by a length it was
/// told. Source: zookeeper-protocol 1.2.
/// </summary>
public ref struct JuteReader
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Begins at the first byte.</summary>
    /// <param name="bytes">One frame's payload, or a part of it.</param>
    public JuteReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes left.</summary>
    public readonly int Remaining => _bytes.Length - Position;

    /// <summary>Reads one byte.</summary>
    /// <param name="value">The byte.</param>
    /// <returns>False: none is left.</returns>
    public bool TryReadByte(out byte value)
    {
        if (Remaining < 1)
        {
            value = 0;
            return false;
        }

        value = _bytes[Position++];
        return true;
    }

    /// <summary>Reads a byte; any but 0 is true.</summary>
    /// <param name="value">The truth value.</param>
    /// <returns>False: no byte is left.</returns>
    public bool TryReadBool(out bool value)
    {
        var isRead = TryReadByte(out var number);
        value = number != 0;
        return isRead;
    }

    /// <summary>Reads four bytes, big-endian.</summary>
    /// <param name="value">The number.</param>
    /// <returns>False: fewer are left.</returns>
    public bool TryReadInt32(out int value)
    {
        if (!BinaryPrimitives.TryReadInt32BigEndian(_bytes[Position..], out value))
            return false;
        Position += sizeof(int);
        return true;
    }

    /// <summary>Reads eight bytes, big-endian.</summary>
    /// <param name="value">The number.</param>
    /// <returns>False: fewer are left.</returns>
    public bool TryReadInt64(out long value)
    {
        if (!BinaryPrimitives.TryReadInt64BigEndian(_bytes[Position..], out value))
            return false;
        Position += sizeof(long);
        return true;
    }

    /// <summary>Reads a buffer or a string: a length, and so many bytes, which are not copied.</summary>
    /// <param name="bytes">The bytes as they stand in the frame; for a string UTF-8.</param>
    /// <param name="isNull">Length -1: null, which is not the same as empty.</param>
    /// <returns>False: the length is below -1, or more than is left.</returns>
    public bool TryReadBuffer(out ReadOnlySpan<byte> bytes, out bool isNull)
    {
        bytes = default;
        isNull = false;
        if (!TryReadInt32(out var length) || length < -1 || length > Remaining)
            return false;
        isNull = length < 0;
        if (isNull)
            return true;
        bytes = _bytes.Slice(Position, length);
        Position += length;
        return true;
    }

    /// <summary>Reads how many elements a vector has.</summary>
    /// <param name="count">-1 for a null vector.</param>
    /// <returns>False: below -1, or more than there are bytes left; no element takes less than one.</returns>
    public bool TryReadVectorCount(out int count) => TryReadInt32(out count) && count >= -1 && count <= Remaining;

    /// <summary>All bytes that are left; the reader then stands behind them.</summary>
    public ReadOnlySpan<byte> ReadRest()
    {
        var rest = _bytes[Position..];
        Position = _bytes.Length;
        return rest;
    }

    /// <summary>What lies between an earlier <see cref="Position"/> and this one.</summary>
    internal readonly ReadOnlySpan<byte> Since(int position) => _bytes[position..Position];
}
