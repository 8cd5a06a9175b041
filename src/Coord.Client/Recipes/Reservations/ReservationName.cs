using System.Globalization;

namespace Coord.Client.Recipes;

/// <summary>
/// The name of a reservation's znode: <c>r-quantity-guid</c>, or <c>d-quantity-seconds-guid</c> for one that outlives
/// its process by a number of seconds.
/// </summary>
/// <param name="Quantity">Units.</param>
/// <param name="ExpirySeconds">Null: it ends with its session.</param>
/// <param name="Id">Makes it unique; its first half is the tag of the commit.</param>
internal readonly record struct ReservationName(long Quantity, long? ExpirySeconds, Guid Id)
{
    internal bool IsDurable => ExpirySeconds is not null;

    internal ulong Tag => BitConverter.ToUInt64(Id.ToByteArray());

    /// <returns>False for children that are none; they count for nothing.</returns>
    internal static bool TryParse(string text, out ReservationName name)
    {
        name = default;
        var parts = text.Split('-', 4);
        var isDurable = parts is ["d", _, _, _];
        if (!isDurable && parts is not ["r", _, _])
            return false;
        long seconds = 0;
        if (!TryReadNumber(parts[1], out var quantity) || (isDurable && !TryReadNumber(parts[2], out seconds))
            || !Guid.TryParseExact(parts[^1], "N", out var id))
            return false;
        name = new ReservationName(quantity, isDurable ? seconds : null, id);
        return true;
    }

    public override string ToString() => IsDurable
        ? string.Create(CultureInfo.InvariantCulture, $"d-{Quantity}-{ExpirySeconds}-{Id:N}")
        : string.Create(CultureInfo.InvariantCulture, $"r-{Quantity}-{Id:N}");

    private static bool TryReadNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
