using System.Net;
using Coord.JepsenLike.Checking;

namespace Coord.JepsenLike.Reports;

/// <summary>The frame of every page: one file that needs nothing else, for light and for dark screens.</summary>
internal static class Page
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1c2430; --soft: #5c6878; --paper: #fff; --panel: #f4f6f9;
          --line: #d9dfe7; --ok: #2f6fb3; --refused: #c98500; --unknown: #c8321f; --good: #1d7a46; --fault: #7a5cc4 }
        @media (prefers-color-scheme: dark) { :root { --ink: #e3e8ef; --soft: #9aa7b8; --paper: #12161c;
          --panel: #1b2129; --line: #323b47; --ok: #6fb0f0; --refused: #e8b04a; --unknown: #ff7a66; --good: #5cc98c;
          --fault: #a98ff0 } }
        * { box-sizing: border-box }
        body { margin: 0 auto; padding: 1.5rem; max-width: 76rem; background: var(--paper); color: var(--ink);
          font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif }
        h1 { font-size: 1.5rem; margin: 0 0 .25rem } h2 { font-size: 1.15rem; margin: 2rem 0 .25rem }
        h3 { font-size: .95rem; margin: 1.25rem 0 .25rem; overflow-wrap: anywhere }
        a { color: var(--ok) } .note { color: var(--soft); margin: 0 0 .6rem; max-width: 60rem }
        .badge { display: inline-block; padding: 0 .6em; border-radius: 1em; color: var(--paper); font-size: .9rem;
          vertical-align: .15em } .badge.good { background: var(--good) } .badge.bad { background: var(--unknown) }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: .5rem 1.5rem;
          background: var(--panel); border-radius: 8px; padding: .8rem 1rem; margin: 1rem 0 }
        .facts dt { color: var(--soft); font-size: .8rem } .facts dd { margin: 0; overflow-wrap: anywhere }
        pre { background: var(--panel); border-radius: 8px; padding: .7rem 1rem; overflow: auto; max-height: 32rem;
          font: 12px/1.45 ui-monospace, "DejaVu Sans Mono", monospace }
        pre.command { white-space: pre-wrap; overflow-wrap: anywhere } .wide { overflow-x: auto }
        table { border-collapse: collapse; font-size: .85rem } th { text-align: left; color: var(--soft) }
        th, td { padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
        td { font-variant-numeric: tabular-nums }
        td.good { color: var(--good) } td.bad { color: var(--unknown); font-weight: 600 }
        td.faint { color: var(--soft) }
        summary { cursor: pointer; margin: .4rem 0 }
        svg { display: block; width: 100%; height: auto; margin: .2rem 0 .6rem }
        svg text { fill: var(--soft); font: 11px system-ui, "DejaVu Sans", sans-serif }
        svg .grid { stroke: var(--line); stroke-width: 1 }
        svg .fault { fill: var(--fault); opacity: .26 } svg .healing { fill: var(--fault); opacity: .1 }
        svg text.fault-name { fill: var(--fault); opacity: 1 } svg .tick { stroke: var(--fault); stroke-width: 1 }
        svg .area { fill: var(--ok); opacity: .3 } svg .curve { fill: none; stroke-width: 1.5 }
        svg .ok { stroke: var(--ok) } svg .refused { stroke: var(--refused) } svg .unknown { stroke: var(--unknown) }
        svg .cells { fill: none } svg .d1 { opacity: .35 } svg .d2 { opacity: .55 } svg .d3 { opacity: .8 }
        .key { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; color: var(--soft); font-size: .85rem }
        .key i { display: inline-block; width: .8em; height: .8em; margin-right: .4em; border-radius: 2px }

        """;

    public static string Draw(string title, string body) => $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>{WebUtility.HtmlEncode(title)}</title>
        <style>
        {Style}{Picture.Style}</style></head><body>
        {body}</body></html>

        """;

    public static string Headline(string title, string verdict, bool isGood, string lead) =>
        $"<h1>{WebUtility.HtmlEncode(title)} <span class=\"badge {(isGood ? "good" : "bad")}\">" +
        $"{WebUtility.HtmlEncode(verdict)}</span></h1>\n<p class=\"note\">{WebUtility.HtmlEncode(lead)}</p>\n";

    public static string Facts(IEnumerable<(string Name, string Value)> facts) =>
        "<dl class=\"facts\">" + string.Concat(facts.Select(fact =>
            $"<div><dt>{WebUtility.HtmlEncode(fact.Name)}</dt><dd>{WebUtility.HtmlEncode(fact.Value)}</dd></div>")) +
        "</dl>\n";
}
