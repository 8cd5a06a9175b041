using System.Globalization;
using System.Text.RegularExpressions;

namespace Coord.Node.Tests.Admin;

/// <summary>One metric of a page: its type and its samples by name and labels.</summary>
internal sealed record ExposedMetric(string Type, Dictionary<string, double> Samples);

/// <summary>
/// A page in Prometheus' text format 0.0.4, read as strictly as Prometheus and promtool do: HELP, TYPE and then all
/// samples of a metric in one place, names and labels of the allowed characters, no sample twice.
/// </summary>
internal static partial class ExpositionPage
{
    /// <summary>The page's metrics by name.</summary>
    /// <exception cref="FormatException">The page is no such page; the message has the line.</exception>
    public static Dictionary<string, ExposedMetric> Parse(string page)
    {
        Require(page.EndsWith('\n'), "the page ends without a newline", page);
        var metrics = new Dictionary<string, ExposedMetric>();
        var (helped, current) = ("", "");
        foreach (var line in page.TrimEnd('\n').Split('\n'))
        {
            if (Help.Match(line) is { Success: true } help)
            {
                Require(!metrics.ContainsKey(help.Groups[1].Value), "a metric comes twice", line);
                helped = help.Groups[1].Value;
            }
            else if (Type.Match(line) is { Success: true } type)
            {
                current = type.Groups[1].Value;
                Require(current == helped, "TYPE without its HELP", line);
                metrics.Add(current, new ExposedMetric(type.Groups[2].Value, []));
            }
            else
            {
                TakeSample(metrics, current, line);
            }
        }

        foreach (var (name, metric) in metrics.Where(pair => pair.Value.Type == "summary"))
            Require(metric.Samples.ContainsKey(name + "_sum"), "a summary without its sum", name);
        return metrics;
    }

    private static void TakeSample(Dictionary<string, ExposedMetric> metrics, string current, string line)
    {
        var sample = Sample.Match(line);
        Require(sample.Success, "no sample", line);
        Require(metrics.TryGetValue(current, out var metric), "a sample before its TYPE", line);
        var name = sample.Groups[1].Value;
        var isPart = metric!.Type == "summary" && (name == current + "_count" || name == current + "_sum");
        Require(name == current || isPart, "a sample of another metric", line);
        Require(metric.Type != "summary" || isPart || line.Contains("{quantile=\"", StringComparison.Ordinal),
            "a summary's sample without quantile", line);
        var value = double.Parse(sample.Groups[3].Value, NumberStyles.Float, CultureInfo.InvariantCulture);
        Require(metric.Type != "counter" || value >= 0, "a counter below 0", line);
        Require(metric.Samples.TryAdd(name + sample.Groups[2].Value, value), "a sample comes twice", line);
    }

    private static void Require(bool holds, string what, string line)
    {
        if (!holds)
            throw new FormatException($"{what}: {line}");
    }

    [GeneratedRegex(@"^# HELP ([a-zA-Z_:][a-zA-Z0-9_:]*) [^\\]+$")]
    private static partial Regex Help { get; }

    [GeneratedRegex(@"^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|summary|histogram|untyped)$")]
    private static partial Regex Type { get; }

    [GeneratedRegex(
        @"^([a-zA-Z_:][a-zA-Z0-9_:]*)((?:\{[a-zA-Z_][a-zA-Z0-9_]*=""[^""\\\n]*""(?:,[a-zA-Z_]\w*=""[^""\\\n]*"")*\})?) "
        + @"(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|[+-]?Inf)$")]
    private static partial Regex Sample { get; }
}
