using System.Globalization;
using System.Text;

namespace Coord.Client.Recipes;

/// <summary>
/// What the znode of a timed lock says: <c>coord:timed-lock:1 tag milliseconds renewals client note</c>.
/// </summary>
/// <param name="Tag">Tells this hold from all others.</param>
/// <param name="DurationMs">How long it lasts from each renewal on.</param>
/// <param name="Renewals">How often it was renewed.</param>
/// <param name="Client">Name of the holder's client.</param>
/// <param name="Note">For people, or empty.</param>
internal sealed record TimedHold(string Tag, long DurationMs, long Renewals, string Client, string Note)
{
    private const string Recipe = "coord:timed-lock:1";
    private const string NoTag = "-";

    /// <summary>
    /// What a release leaves. The znode stays, so that no version of it comes twice: who was suspended between his look
    /// at the clock and his request would otherwise meet another's hold of the version that he knows.
    /// </summary>
    internal static TimedHold Free { get; } = new(NoTag, 0, 0, string.Empty, string.Empty);

    internal bool IsFree => Tag == NoTag;

    /// <summary>Whether it is the hold of this tag: a free lock is nobody's, whatever tag somebody brings.</summary>
    internal bool IsOf(string tag) => !IsFree && Tag == tag;

    internal TimeSpan Duration => TimeSpan.FromMilliseconds(DurationMs);

    internal byte[] ToBytes() => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"{Recipe} {Tag} {DurationMs} {Renewals} {Uri.EscapeDataString(Client)} {Uri.EscapeDataString(Note)}"));

    /// <exception cref="RecipeMismatchException">The bytes are none of a timed lock.</exception>
    internal static TimedHold Read(Znode znode)
    {
        var parts = Encoding.UTF8.GetString(znode.Bytes.Span).Split(' ');
        if (parts.Length != 6 || parts[0] != Recipe
            || !long.TryParse(parts[2], CultureInfo.InvariantCulture, out var durationMs) || durationMs < 0
            || !long.TryParse(parts[3], CultureInfo.InvariantCulture, out var renewals))
            throw new RecipeMismatchException(znode.Path, parts[0], Recipe);
        return new TimedHold(
            parts[1], durationMs, renewals, Uri.UnescapeDataString(parts[4]), Uri.UnescapeDataString(parts[5]));
    }
}
