using System.Text;

namespace FlashSale.Shop;

/// <summary>An order as it stands in the tree.</summary>
/// <param name="Number">From a block of numbers that one seller reserved.</param>
/// <param name="Seller">Who sold it, from 1.</param>
/// <param name="Token">Fencing token of the lock section that wrote it.</param>
/// <param name="Czxid">When in the cluster's order of changes it was written.</param>
internal sealed record Order(long Number, int Seller, long Token, long Czxid)
{
    public static byte[] Encode(int seller, long token) => Encoding.UTF8.GetBytes($"{seller} {token}");

    public static Order Decode(long number, ReadOnlySpan<byte> bytes, long czxid)
    {
        var parts = Encoding.UTF8.GetString(bytes).Split(' ');
        return new Order(number, int.Parse(parts[0]), long.Parse(parts[1]), czxid);
    }
}
