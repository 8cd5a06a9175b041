using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Coord.StateMachine;

/// <summary>Reads little-endian numbers; false at the end of the bytes, and then nothing is taken.</summary>
internal ref struct LittleEndianReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out byte value)
    {
        bool isThere = TryRead(sizeof(byte), out var bytes);
        value = isThere ? bytes[0] : (byte)0;
        return isThere;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out ushort value)
    {
        bool isThere = TryRead(sizeof(ushort), out var bytes);
        value = isThere ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;
        return isThere;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out int value)
    {
        bool isThere = TryRead(sizeof(int), out var bytes);
        value = isThere ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;
        return isThere;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(out long value)
    {
        bool isThere = TryRead(sizeof(long), out var bytes);
        value = isThere ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;
        return isThere;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead(int length, out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (length < 0 || length > _rest.Length)
            return false;
        bytes = _rest[..length];
        _rest = _rest[length..];
        return true;
    }
}
