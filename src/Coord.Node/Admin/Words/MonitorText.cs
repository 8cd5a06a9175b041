using System.Text;
using Coord.Node.Admin.Figures;

namespace Coord.Node.Admin.Words;

/// <summary>
/// The answer to <c>mntr</c>: one line <c>zk_key TAB value</c> per figure. Values other than the version keep to word
/// characters, dot and minus: telegraf refuses more (zookeeper-protocol 10.2).
/// </summary>
internal static class MonitorText
{
    public static string Write(NodeFacts facts)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in ZooKeeperFigures.Of(facts).SelectMany(Lines))
            text.Append($"zk_{key}\t{value}\n");
        return text.ToString();
    }

    /// <summary>The lines of one figure, without the prefix;.</summary>
    public static IEnumerable<(string Key, object Value)> Lines(Figure figure)
    {
        switch (figure)
        {
            case TextFigure words:
                return [(words.Name, words.Text)];
            case GaugeFigure gauge:
                return [(gauge.Name, gauge.IsDecimal ? new PlacesNumber(gauge.Value) : (long)gauge.Value)];
            case CounterFigure counter:
                return [(counter.Name, counter.SinceReset)];
            case SummaryFigure summary:
                return LinesOf(summary);
            default:
                throw new InvalidOperationException($"Unknown figure {figure.GetType().Name}.");
        }
    }

    private static IEnumerable<(string Key, object Value)> LinesOf(SummaryFigure summary)
    {
        var (name, reading) = (summary.Name, summary.Reading);
        yield return ($"avg_{name}", new PlacesNumber(reading.Average / summary.Unit));
        yield return ($"min_{name}", Whole(reading.Least));
        yield return ($"max_{name}", Whole(reading.Greatest));
        yield return ($"cnt_{name}", reading.Count);
        yield return ($"sum_{name}", Whole(reading.Sum));
        if (!summary.HasQuantiles)
            yield break;
        yield return ($"p50_{name}", Whole(reading.Quantile(0.5)));
        yield return ($"p95_{name}", Whole(reading.Quantile(0.95)));
        yield return ($"p99_{name}", Whole(reading.Quantile(0.99)));
        yield return ($"p999_{name}", Whole(reading.Quantile(0.999)));

        long Whole(long value) => (long)(value / summary.Unit);
    }
}
