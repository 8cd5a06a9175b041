using System.Text;
using System.Text.RegularExpressions;

namespace Coord.Simulation.Mutants;

/// <summary>Writes planted bugs into a source text, each behind a guard that asks for its number.</summary>
internal static class GuardedSource
{
    private const string FocusStart = "[[";
    private const string FocusEnd = "]]";

    /// <summary>How often the edit's original text stands in a source.</summary>
    public static int CountOriginals(string source, PlantedEdit edit) => Pattern(edit).Count(source);

    /// <summary>The source with all edits of this file; the numbers choose among them.</summary>
    public static string Write(string source, IEnumerable<(int Number, PlantedEdit Edit)> edits)
    {
        var places = edits.GroupBy(e => PlaceOf(source, e.Edit)).OrderByDescending(g => g.Key.Start).ToArray();
        var text = new StringBuilder(source);
        var end = source.Length;
        foreach (var place in places)
        {
            var (start, length) = place.Key;
            if (start + length > end)
                throw new InvalidOperationException($"Edits overlap: {place.First().Edit.Original}");

            end = start;
            var original = source.Substring(start, length);
            text.Remove(start, length).Insert(start, Guard(original, place.ToArray()));
        }

        return text.ToString();
    }

    private static (int Start, int Length) PlaceOf(string source, PlantedEdit edit)
    {
        var matches = Pattern(edit).Matches(source);
        if (matches.Count != 1)
        {
            throw new InvalidOperationException(
                $"This stands {matches.Count} times in {edit.File}: {edit.Original}");
        }

        var focus = matches[0].Groups["focus"];
        return (focus.Index, focus.Length);
    }

    private static string Guard(string original, (int Number, PlantedEdit Edit)[] edits)
    {
        var text = new StringBuilder();
        var isStatement = original is [.., ';' or '}'];
        foreach (var (number, edit) in edits)
        {
            var guard = $"global::{edit.Project}.Mutant.Is({number})";
            text.Append(isStatement
                ? $"if ({guard}) {{ {edit.Replacement} }} else "
                : $"{guard} ? ({edit.Replacement}) : ");
        }

        return isStatement ? $"{text}{{ {original} }}" : $"({text}({original}))";
    }

    private static Regex Pattern(PlantedEdit edit)
    {
        var start = edit.Original.IndexOf(FocusStart, StringComparison.Ordinal);
        var end = edit.Original.IndexOf(FocusEnd, StringComparison.Ordinal);
        var pattern = start < 0
            ? $"(?<focus>{Words(edit.Original)})"
            : $"{Words(edit.Original[..start])}(?<focus>{Words(edit.Original[(start + 2)..end])})"
                + Words(edit.Original[(end + 2)..]);
        return new Regex(pattern, RegexOptions.CultureInvariant);
    }

    private static string Words(string text) =>
        Regex.Replace(Regex.Escape(text), @"(\\ |\\n|\\r|\\t|\n)+", @"\s+");
}
