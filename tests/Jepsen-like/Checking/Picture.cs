using System.Globalization;
using System.Net;
using System.Text;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Checking;

/// <summary>
/// A finding's operations as bars in time, one row each, and what each returned: for eyes that have to find out why
/// (raft-design T21).
/// </summary>
internal static class Picture
{
    /// <summary>Of the rows; it takes the colours from variables of the page, or its own.</summary>
    public const string Style = """
        .rows { font: 12px/1.5 ui-monospace, monospace; overflow-x: auto }
        .row { display: flex; gap: 1em; white-space: pre; width: max-content; min-width: 100% }
        .track { position: relative; flex: 0 0 22em; border-left: 1px solid #8884; border-right: 1px solid #8884 }
        .bar { position: absolute; top: .25em; height: 1em; min-width: 3px; background: var(--ok, #2f6fb3) }
        .write { background: var(--refused, #c98500) } .unknown { background: var(--unknown, #c8321f) }
        .around { opacity: .5 }

        """;

    public static string Draw(IReadOnlyList<Finding> findings)
    {
        var page = new StringBuilder(
            $"<!DOCTYPE html><meta charset=\"utf-8\"><title>Findings</title>\n<style>\n{Style}</style>\n");
        foreach (var finding in findings)
            Draw(page, finding, []);
        return page.ToString();
    }

    /// <param name="page">Gets a heading and the rows.</param>
    /// <param name="finding">To be drawn.</param>
    /// <param name="around">Operations that are no part of it, for comparison.</param>
    public static void Draw(StringBuilder page, Finding finding, IReadOnlyCollection<Operation> around)
    {
        page.Append($"<h3>{WebUtility.HtmlEncode(finding.Rule + ": " + finding.Text)}</h3>\n<div class=\"rows\">\n");
        Operation[] all = [.. finding.Operations, .. around];
        var begin = all.Min(o => o.Invoked);
        var end = all.Max(o => o.IsKnown ? o.Completed : o.Invoked + 1);
        var percent = 100.0 / Math.Max(1, end - begin);
        // The finding's own operations stand in the order in which the checker gives them, when nothing else is there.
        foreach (var operation in around.Count == 0 ? all : [.. all.OrderBy(o => o.Invoked)])
        {
            var left = (operation.Invoked - begin) * percent;
            var right = operation.IsKnown ? (operation.Completed - begin) * percent : 100;
            var kind = !operation.IsKnown ? "unknown" : operation.IsWrite ? "write" : "read";
            page.Append(around.Contains(operation) ? "<div class=\"row around\">" : "<div class=\"row\">")
                .Append(CultureInfo.InvariantCulture, $"<div class=\"track\"><div class=\"bar {kind}\" ")
                .Append(CultureInfo.InvariantCulture, $"style=\"left:{left:F2}%;width:{right - left:F2}%\">")
                .Append("</div></div>")
                .Append($"<div>{WebUtility.HtmlEncode(operation.ToString())}</div></div>\n");
        }

        page.Append("</div>\n");
    }
}
