using System.Buffers.Binary;

namespace Coord.Client.Recipes;

/// <summary>
/// The bytes of a counter: the value, 8 bytes big-endian as Curator's atomic long reads them, then the last writes.
/// </summary>
/// <param name="Value">The number.</param>
/// <param name="Writes">What the last writes left.</param>
internal sealed record CounterBytes(long Value, LastWrites Writes)
{
    private const int ValueLength = sizeof(long);

    internal static CounterBytes Initial(long value) => new(value, LastWrites.None);

    /// <exception cref="ZnodeFormatException">They are no counter.</exception>
    internal static CounterBytes Read(string path, ReadOnlySpan<byte> bytes, long initialValue)
    {
        if (bytes.Length == 0)
            return Initial(initialValue);
        if (bytes.Length < ValueLength)
            throw new ZnodeFormatException(path, $"{bytes.Length} bytes, fewer than 8");
        var value = BinaryPrimitives.ReadInt64BigEndian(bytes);
        // Curator writes the value alone.
        return bytes.Length == ValueLength
            ? Initial(value)
            : new CounterBytes(value, LastWrites.Read(bytes[ValueLength..], path));
    }

    /// <summary>What the next write leaves: its value, and itself in front of the others.</summary>
    /// <param name="value">The number after it.</param>
    /// <param name="tag">Its tag.</param>
    /// <param name="mzxid">Of the write that left these bytes.</param>
    internal CounterBytes Next(long value, ulong tag, long mzxid) =>
        new(value, Writes.With(new LastWrite(tag, Value, mzxid)));

    internal byte[] ToArray()
    {
        var bytes = new byte[ValueLength + Writes.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Value);
        Writes.Write(bytes.AsSpan(ValueLength));
        return bytes;
    }
}
