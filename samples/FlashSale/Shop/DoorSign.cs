using System.Text;

namespace FlashSale.Shop;

/// <summary>What is written at the shop's doors, in one znode that every seller watches.</summary>
/// <param name="IsOpen">False once the last unit is sold and every seller's books agree.</param>
/// <param name="ReserveUnits">Sellers leave so many units in stock.</param>
/// <param name="Call">Grows with each change, so that a seller that ran dry knows when to look again.</param>
internal sealed record DoorSign(bool IsOpen, int ReserveUnits, int Call)
{
    public byte[] Encode() => Encoding.UTF8.GetBytes($"{(IsOpen ? "open" : "closed")} {ReserveUnits} {Call}");

    public static DoorSign Decode(ReadOnlySpan<byte> bytes)
    {
        var parts = Encoding.UTF8.GetString(bytes).Split(' ');
        return new DoorSign(parts[0] == "open", int.Parse(parts[1]), int.Parse(parts[2]));
    }
}
