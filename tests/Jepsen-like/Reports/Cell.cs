namespace Coord.JepsenLike.Reports;

/// <summary>A cell of a table.</summary>
/// <param name="Text">Shown as it is.</param>
/// <param name="Mood">"good", "bad" or "faint" on a page; of no meaning in Markdown.</param>
/// <param name="Link">A page beside this one, on a page.</param>
internal sealed record Cell(string Text, string? Mood = null, string? Link = null)
{
    public static implicit operator Cell(string text) => new(text);
}
