using System.Globalization;
using System.Text;

namespace Coord.Client.Recipes;

/// <summary>
/// What a recipe writes into its root: a tag such as <c>coord:mutex:1</c>, and behind a space the one number that some
/// recipes keep there.
/// </summary>
/// <param name="Tag">Whose root it is; null: not tagged, as by Curator.</param>
/// <param name="Number">The recipe's number, 0 for none.</param>
/// <param name="IsForeign">Whether other bytes are there.</param>
internal readonly record struct RootMark(string? Tag, long Number, bool IsForeign)
{
    private const string Ours = "coord:";

    internal static RootMark Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0)
            return default;
        var parts = Encoding.UTF8.GetString(bytes).Split(' ');
        var number = 0L;
        var isOurs = parts[0].StartsWith(Ours, StringComparison.Ordinal) && (parts.Length == 1
            || (parts.Length == 2 && long.TryParse(
                parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)));
        return isOurs ? new RootMark(parts[0], number, false) : new RootMark(null, 0, true);
    }

    internal static byte[] Write(string tag, long number) =>
        Encoding.UTF8.GetBytes(number == 0 ? tag : string.Create(CultureInfo.InvariantCulture, $"{tag} {number}"));
}
