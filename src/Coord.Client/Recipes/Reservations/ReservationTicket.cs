using System.Globalization;

namespace Coord.Client.Recipes;

/// <summary>
/// A durable reservation as text: the name of its znode, and the count of changes when it was made, by which a lost
/// commit is still recognised elsewhere.
/// </summary>
internal static class ReservationTicket
{
    private const char Separator = '@';

    internal static string Write(ReservationName name, long changes) =>
        string.Create(CultureInfo.InvariantCulture, $"{name}{Separator}{changes}");

    internal static bool TryRead(string ticket, out ReservationName name, out long changes)
    {
        changes = 0;
        name = default;
        var at = ticket.IndexOf(Separator, StringComparison.Ordinal);
        return at > 0 && ReservationName.TryParse(ticket[..at], out name) && name.IsDurable
            && long.TryParse(ticket.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out changes);
    }
}
