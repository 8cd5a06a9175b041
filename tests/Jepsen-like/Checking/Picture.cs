using System.Globalization;
using System.Net;
using System.Text;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// A page that shows a finding's operations as bars in time, one row each, and what each returned: for eyes that have
/// to find out why (raft-design T21).
/// </summary>
internal static class Picture
{
    private const int Width = 900;

    public static string Draw(IReadOnlyList<Finding> findings)
    {
        var page = new StringBuilder("""
            <!DOCTYPE html><meta charset="utf-8"><title>Findings</title>
            <style>
            body { font: 13px monospace } h2 { font-size: 15px }
            .row { position: relative; height: 20px; white-space: nowrap }
            .bar { position: absolute; height: 14px; min-width: 3px; background: #7aa6da }
            .write { background: #e39a4c } .unknown { background: #bbb }
            .text { position: absolute; left: 920px }
            </style>

            """);
        foreach (var finding in findings)
            Draw(page, finding);
        return page.ToString();
    }

    private static void Draw(StringBuilder page, Finding finding)
    {
        page.Append($"<h2>{WebUtility.HtmlEncode(finding.Rule + ": " + finding.Text)}</h2>\n");
        var begin = finding.Operations.Min(o => o.Invoked);
        var end = finding.Operations.Max(o => o.IsKnown ? o.Completed : o.Invoked + 1);
        var scale = Width / (double)Math.Max(1, end - begin);
        foreach (var operation in finding.Operations)
        {
            var left = (operation.Invoked - begin) * scale;
            var right = operation.IsKnown ? (operation.Completed - begin) * scale : Width;
            var kind = !operation.IsKnown ? "unknown" : operation.IsWrite ? "write" : "read";
            page.Append(CultureInfo.InvariantCulture, $"<div class=\"row\"><div class=\"bar {kind}\" ")
                .Append(CultureInfo.InvariantCulture, $"style=\"left:{left:F1}px;width:{right - left:F1}px\"></div>")
                .Append($"<div class=\"text\">{WebUtility.HtmlEncode(operation.ToString())}</div></div>\n");
        }
    }
}
