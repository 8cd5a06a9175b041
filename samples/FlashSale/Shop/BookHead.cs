using System.Text;

namespace FlashSale.Shop;

/// <summary>The book's first page: changed in every lock section, together with the orders that section adds.</summary>
/// <param name="Orders">Orders in the book.</param>
/// <param name="Sections">Lock sections that wrote into it.</param>
/// <param name="LastToken">Fencing token of the last one; a smaller token must never follow.</param>
internal sealed record BookHead(long Orders, long Sections, long LastToken)
{
    public static BookHead Empty { get; } = new(0, 0, 0);

    public byte[] Encode() => Encoding.UTF8.GetBytes($"{Orders} {Sections} {LastToken}");

    public static BookHead Decode(ReadOnlySpan<byte> bytes)
    {
        var parts = Encoding.UTF8.GetString(bytes).Split(' ');
        return new BookHead(long.Parse(parts[0]), long.Parse(parts[1]), long.Parse(parts[2]));
    }
}
