using System.Text;

namespace Coord.Node;

/// <summary>
/// Text of clients as it may stand in a log: short, and on one line, so that nobody writes lines of his own there.
/// </summary>
internal static class LogText
{
    /// <summary>What is longer is cut.</summary>
    public const int CharactersMax = 1_024;

    public static string Of(ReadOnlySpan<byte> utf8) =>
        Of(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * CharactersMax)]));

    public static string Of(string text)
    {
        if (text.Length > CharactersMax)
            text = text[..CharactersMax] + "...";
        return text.Any(IsUnfit) ? string.Concat(text.Select(c => IsUnfit(c) ? '?' : c)) : text;
    }

    // Line and paragraph separators break lines too, for some readers.
    private static bool IsUnfit(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}
