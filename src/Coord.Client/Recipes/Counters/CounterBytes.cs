using System.Buffers.Binary;

namespace Coord.Client.Recipes;

/// <summary>
/// The bytes of a counter: the value, 8 bytes big-endian as Curator's atomic long reads them, then the tags of the last
/// writes.
/// </summary>
/// <param name="Value">The number.</param>
/// <param name="Tags">What the last writes left.</param>
internal sealed record CounterBytes(long Value, WriteTags Tags)
{
    private const int ValueLength = sizeof(long);

    internal static CounterBytes Initial(long value) => new(value, WriteTags.None);

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
            : new CounterBytes(value, WriteTags.Read(bytes[ValueLength..], path));
    }

    /// <summary>What the next write leaves: its value, and its tag in front of the others.</summary>
    internal CounterBytes Next(long value, ulong tag) => new(value, Tags.With(tag));

    internal byte[] ToArray()
    {
        var bytes = new byte[ValueLength + Tags.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Value);
        Tags.Write(bytes.AsSpan(ValueLength));
        return bytes;
    }
}
