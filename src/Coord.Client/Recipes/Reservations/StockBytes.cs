using System.Buffers.Binary;

namespace Coord.Client.Recipes;

/// <summary>
/// The bytes of a stock's root: our mark, total, sold, how many changes left a tag, big-endian, and the last of them.
/// </summary>
/// <param name="Total">Units ever put in.</param>
/// <param name="Sold">Units committed.</param>
/// <param name="Changes">
/// Counts what <see cref="Next"/> made: reservations write the same bytes and leave no tag.
/// </param>
/// <param name="Writes">What the last changes left.</param>
internal sealed record StockBytes(long Total, long Sold, long Changes, LastWrites Writes)
{
    private const uint Mark = 0x43525331; // "CRS1"
    private const int HeadLength = sizeof(uint) + (3 * sizeof(long));

    internal static StockBytes Empty { get; } = new(0, 0, 0, LastWrites.None);

    /// <exception cref="ZnodeFormatException">They are no stock.</exception>
    internal static StockBytes Read(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadLength || BinaryPrimitives.ReadUInt32BigEndian(bytes) != Mark)
            throw new ZnodeFormatException(path, "no mark of a stock");
        var numbers = bytes[sizeof(uint)..];
        return new StockBytes(
            BinaryPrimitives.ReadInt64BigEndian(numbers),
            BinaryPrimitives.ReadInt64BigEndian(numbers[sizeof(long)..]),
            BinaryPrimitives.ReadInt64BigEndian(numbers[(2 * sizeof(long))..]),
            LastWrites.Read(bytes[HeadLength..], path));
    }

    /// <param name="addedToTotal">Units put in or taken out.</param>
    /// <param name="addedToSold">Units committed.</param>
    /// <param name="tag">Of the change.</param>
    /// <param name="mzxid">Of the write that left these bytes.</param>
    /// <exception cref="OverflowException">A sum does not fit 64 bits.</exception>
    internal StockBytes Next(long addedToTotal, long addedToSold, ulong tag, long mzxid) => new(
        checked(Total + addedToTotal), checked(Sold + addedToSold), Changes + 1,
        Writes.With(new LastWrite(tag, Changes, mzxid)));

    internal byte[] ToArray()
    {
        var bytes = new byte[HeadLength + Writes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, Mark);
        var numbers = bytes.AsSpan(sizeof(uint));
        BinaryPrimitives.WriteInt64BigEndian(numbers, Total);
        BinaryPrimitives.WriteInt64BigEndian(numbers[sizeof(long)..], Sold);
        BinaryPrimitives.WriteInt64BigEndian(numbers[(2 * sizeof(long))..], Changes);
        Writes.Write(bytes.AsSpan(HeadLength));
        return bytes;
    }
}
