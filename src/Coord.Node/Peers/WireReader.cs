using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Coord.Node.Peers;

/// <summary>
/// Reads a peer's bytes, little-endian. After the first field that is not there everything reads as zero and
/// <see cref="IsComplete"/> stays false, so a decoder asks once, at its end.
/// </summary>
internal ref struct WireReader(ReadOnlyMemory<byte> bytes)
{
    private readonly ReadOnlyMemory<byte> bytes = bytes;
    private int position;
    private bool hasFailed;

    public readonly int Remaining => bytes.Length - position;

    /// <summary>Every field was there, and nothing is left over.</summary>
    public readonly bool IsComplete => !hasFailed && Remaining == 0;

    public byte Byte() => Take(1, out var field) ? field[0] : (byte)0;

    public ushort UInt16() => Take(2, out var field) ? BinaryPrimitives.ReadUInt16LittleEndian(field) : (ushort)0;

    public int Int32() => Take(4, out var field) ? BinaryPrimitives.ReadInt32LittleEndian(field) : 0;

    public long Int64() => Take(8, out var field) ? BinaryPrimitives.ReadInt64LittleEndian(field) : 0;

    public UInt128 UInt128() => Take(16, out var field) ? BinaryPrimitives.ReadUInt128LittleEndian(field) : default;

    /// <summary>A flag: 0 or 1, anything else fails.</summary>
    public bool Flag()
    {
        var value = Byte();
        hasFailed |= value > 1;
        return value == 1;
    }

    /// <summary>What was read makes no sense: the bytes are no message.</summary>
    public void Fail() => hasFailed = true;

    /// <summary>Reserved bytes: zero, anything else fails.</summary>
    public void Zeros(int length)
    {
        if (Take(length, out var field))
            hasFailed |= field.ContainsAnyExcept((byte)0);
    }

    /// <summary>
    /// A number of items; fails when the bytes that are left cannot hold so many, before any is allocated.
    /// </summary>
    public int Count(int itemBytesMin)
    {
        var count = Int32();
        if (count >= 0 && count <= Remaining / itemBytesMin)
            return count;
        hasFailed = true;
        return 0;
    }

    /// <summary>A slice of the frame's own array, never a copy (raft-design K5).</summary>
    public ReadOnlyMemory<byte> Slice(int length)
    {
        if (hasFailed || length < 0 || length > Remaining)
        {
            hasFailed = true;
            return default;
        }

        var slice = bytes.Slice(position, length);
        position += length;
        return slice;
    }

    /// <summary>Text in UTF-8; fails on bytes that are none, which would be written as others again.</summary>
    public string Text(int length)
    {
        var text = Slice(length).Span;
        hasFailed |= !Utf8.IsValid(text);
        return hasFailed ? "" : Encoding.UTF8.GetString(text);
    }

    private bool Take(int length, out ReadOnlySpan<byte> field)
    {
        if (hasFailed || length > Remaining)
        {
            hasFailed = true;
            field = default;
            return false;
        }

        field = bytes.Span.Slice(position, length);
        position += length;
        return true;
    }
}
