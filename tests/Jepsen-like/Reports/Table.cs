using System.Net;
using System.Text;

namespace Coord.JepsenLike.Reports;

/// <summary>A table for people, as Markdown and as HTML.</summary>
internal sealed record Table(
    string Title, string Note, IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<Cell>> Rows)
{
    public string Markdown()
    {
        var text = new StringBuilder($"## {Title}\n\n{Note}\n\n");
        text.Append(Line(Head)).Append(Line(Head.Select(_ => "---")));
        foreach (var row in Rows)
            text.Append(Line(row.Select(cell => cell.Text)));
        return text.Append('\n').ToString();
    }

    public string Html()
    {
        var text = new StringBuilder($"<section><h2>{Encode(Title)}</h2><p class=\"note\">{Encode(Note)}</p>\n");
        text.Append("<div class=\"wide\"><table><thead><tr>");
        foreach (var head in Head)
            text.Append($"<th>{Encode(head)}</th>");
        text.Append("</tr></thead><tbody>\n");
        foreach (var row in Rows)
        {
            text.Append("<tr>");
            foreach (var cell in row)
                text.Append($"<td class=\"{cell.Mood}\">{Content(cell)}</td>");
            text.Append("</tr>\n");
        }

        return text.Append("</tbody></table></div></section>\n").ToString();
    }

    private static string Line(IEnumerable<string> cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |\n";

    private static string Content(Cell cell) =>
        cell.Link is null ? Encode(cell.Text) : $"<a href=\"{Encode(cell.Link)}\">{Encode(cell.Text)}</a>";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
