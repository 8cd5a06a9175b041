using System.Globalization;
using System.Text.RegularExpressions;

namespace Coord.JepsenLike.Tests;

internal enum TracedEdge
{
    Begin,
    End,
}

/// <summary>
/// The beginning or the end of one system call in what <c>strace -f -ttt -T -yy</c> prints. A call printed in one piece
/// had nothing between; one that was interrupted by other threads comes as "unfinished" and "resumed".
/// </summary>
internal sealed partial record TracedCall(
    TracedEdge Edge, int Thread, double Time, string Name, string Descriptor, long Result)
{
    /// <summary>All edges of a trace, in the order in which the tracer saw them.</summary>
    public static IEnumerable<TracedCall> Read(IEnumerable<string> lines)
    {
        var unfinished = new Dictionary<int, TracedCall>();
        foreach (var line in lines)
        {
            if (Resumed().Match(line) is { Success: true } resumed)
            {
                if (unfinished.Remove(ThreadOf(resumed), out var begun))
                    yield return begun with { Edge = TracedEdge.End, Time = TimeOf(resumed), Result = ResultOf(line) };
            }
            else if (Begun().Match(line) is { Success: true } begun)
            {
                var call = new TracedCall(TracedEdge.Begin, ThreadOf(begun), TimeOf(begun),
                    begun.Groups["name"].Value, begun.Groups["descriptor"].Value, Result: -1);
                yield return call;
                if (line.EndsWith("<unfinished ...>", StringComparison.Ordinal))
                    unfinished[call.Thread] = call;
                else
                    yield return call with
                    {
                        Edge = TracedEdge.End, Time = call.Time + DurationOf(line), Result = ResultOf(line),
                    };
            }
        }
    }

    private static int ThreadOf(Match match) => int.Parse(match.Groups["thread"].Value, CultureInfo.InvariantCulture);

    private static double TimeOf(Match match) => double.Parse(match.Groups["time"].Value, CultureInfo.InvariantCulture);

    private static long ResultOf(string line) =>
        End().Match(line) is { Success: true } end
            ? long.Parse(end.Groups["result"].Value, CultureInfo.InvariantCulture)
            : -1;

    private static double DurationOf(string line) =>
        End().Match(line) is { Success: true } end
            ? double.Parse(end.Groups["took"].Value, CultureInfo.InvariantCulture)
            : 0;

    [GeneratedRegex(@"^(?<thread>\d+) +(?<time>\d+\.\d+) (?<name>\w+)\(\d+<(?<descriptor>.*?)>[,) ]")]
    private static partial Regex Begun();

    [GeneratedRegex(@"^(?<thread>\d+) +(?<time>\d+\.\d+) <\.\.\. \w+ resumed>")]
    private static partial Regex Resumed();

    [GeneratedRegex(@"\) += (?<result>-?\d+)[^=]* <(?<took>\d+\.\d+)>$")]
    private static partial Regex End();
}
