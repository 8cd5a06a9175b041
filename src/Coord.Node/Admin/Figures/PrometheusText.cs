using System.Globalization;
using System.Text;

namespace Coord.Node.Admin.Figures;

/// <summary>
/// Prometheus' text format 0.0.4: for each name a HELP and a TYPE line, then its samples. ZooKeeper's names stand as
/// they are, in milliseconds; Coord's own begin with <c>coord_</c>, in base units (zookeeper-protocol 10.3).
/// </summary>
internal sealed class PrometheusText
{
    /// <summary>Of the answer.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private static readonly double[] Shares = [0.5, 0.9, 0.99];

    private readonly StringBuilder text = new();

    /// <summary>Everything that a node measures.</summary>
    public static string Write(NodeFacts facts)
    {
        var page = new PrometheusText();
        foreach (var figure in ZooKeeperFigures.Of(facts))
            page.Add(figure);
        CoordFigures.Write(page, facts);
        RuntimeFigures.Write(page);
        return page.text.ToString();
    }

    /// <summary>A number that rises and falls.</summary>
    public void Gauge(string name, string meaning, double value)
    {
        Begin(name, meaning, "gauge");
        Sample(name, "", value);
    }

    /// <summary>One number for each value of a label.</summary>
    public void Gauges(string name, string meaning, string label, IEnumerable<(string Key, double Value)> samples) =>
        AddLabelled(name, meaning, "gauge", label, samples);

    /// <summary>A number that rises.</summary>
    public void Counter(string name, string meaning, double value)
    {
        Begin(name, meaning, "counter");
        Sample(name, "", value);
    }

    /// <summary>One such number for each value of a label.</summary>
    public void Counters(string name, string meaning, string label, IEnumerable<(string Key, double Value)> samples) =>
        AddLabelled(name, meaning, "counter", label, samples);

    /// <summary>Quantiles since the last reset, count and sum since the start.</summary>
    /// <param name="name">Of the summary.</param>
    /// <param name="meaning">One line.</param>
    /// <param name="reading">Its values.</param>
    /// <param name="unit">What one unit of the page is in recorded ones.</param>
    /// <param name="hasQuantiles">False: the median only, as ZooKeeper's basic summaries.</param>
    public void Summary(
        string name, string meaning, Metrics.DistributionReading reading, double unit, bool hasQuantiles = true)
    {
        Begin(name, meaning, "summary");
        foreach (var share in hasQuantiles ? Shares : Shares[..1])
        {
            // Of nothing there is no quantile.
            var value = reading.Count == 0 ? double.NaN : reading.Quantile(share) / unit;
            Sample(name, string.Create(CultureInfo.InvariantCulture, $"{{quantile=\"{share}\"}}"), value);
        }

        Sample(name + "_count", "", reading.TotalCount);
        Sample(name + "_sum", "", reading.TotalSum / unit);
    }

    private void AddLabelled(
        string name, string meaning, string type, string label, IEnumerable<(string Key, double Value)> samples)
    {
        Begin(name, meaning, type);
        foreach (var (key, value) in samples)
            Sample(name, $"{{{label}=\"{key}\"}}", value);
    }

    // Words are for people: mntr has them.
    private void Add(Figure figure)
    {
        switch (figure)
        {
            case GaugeFigure gauge:
                Gauge(gauge.Name, gauge.Meaning, gauge.Value);
                break;
            case CounterFigure counter:
                Counter(counter.Name, counter.Meaning, counter.Total);
                break;
            case SummaryFigure summary:
                Summary(summary.Name, summary.Meaning, summary.Reading, summary.Unit, summary.HasQuantiles);
                break;
        }
    }

    private void Begin(string name, string meaning, string type) =>
        text.Append($"# HELP {name} {meaning}.\n# TYPE {name} {type}\n");

    private void Sample(string name, string labels, double value) => text
        .Append(name).Append(labels).Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
