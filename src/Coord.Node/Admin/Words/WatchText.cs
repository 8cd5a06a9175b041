using System.Text;

namespace Coord.Node.Admin.Words;

/// <summary>The answers to <c>wchc</c> and <c>wchp</c> (zookeeper-protocol 10.1).</summary>
internal static class WatchText
{
    /// <summary>Sessions, each with its paths.</summary>
    public static string BySession(WatchReport report) => Write(
        report, report.Watches.OrderBy(watch => watch.Session).ThenBy(watch => watch.Path, StringComparer.Ordinal)
            .GroupBy(watch => $"0x{watch.Session:x}", watch => watch.Path));

    /// <summary>Paths, each with the sessions that watch it.</summary>
    public static string ByPath(WatchReport report) => Write(
        report, report.Watches.OrderBy(watch => watch.Path, StringComparer.Ordinal).ThenBy(watch => watch.Session)
            .GroupBy(watch => watch.Path, watch => $"0x{watch.Session:x}"));

    private static string Write(WatchReport report, IEnumerable<IGrouping<string, string>> groups)
    {
        var text = new StringBuilder();
        foreach (var group in groups)
        {
            text.Append($"{group.Key}\n");
            foreach (var line in group)
                text.Append($"\t{line}\n");
        }

        if (report.IsCut)
            text.Append("(there are more watches: the list is cut)\n");
        return text.Append('\n').ToString();
    }
}
