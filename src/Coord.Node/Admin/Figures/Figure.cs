using Coord.Node.Metrics;

namespace Coord.Node.Admin.Figures;

/// <summary>One thing that a node tells about itself, under the name that ZooKeeper gives it.</summary>
/// <param name="Name">Without ZooKeeper's prefix <c>zk_</c>.</param>
/// <param name="Meaning">One line for people.</param>
internal abstract record Figure(string Name, string Meaning);

/// <summary>Words, which no time series can hold.</summary>
internal sealed record TextFigure(string Name, string Meaning, string Text) : Figure(Name, Meaning);

/// <summary>A number that rises and falls.</summary>
/// <param name="Name">As above.</param>
/// <param name="Meaning">As above.</param>
/// <param name="Value">The number.</param>
/// <param name="IsDecimal">Written with its places even where they are zeros.</param>
internal sealed record GaugeFigure(string Name, string Meaning, double Value, bool IsDecimal = false)
    : Figure(Name, Meaning);

/// <summary>A number that rises.</summary>
/// <param name="Name">As above.</param>
/// <param name="Meaning">As above.</param>
/// <param name="SinceReset">What words tell.</param>
/// <param name="Total">What <c>/metrics</c> tells: it never falls.</param>
internal sealed record CounterFigure(string Name, string Meaning, long SinceReset, long Total)
    : Figure(Name, Meaning)
{
    public CounterFigure(string name, string meaning, Counter counter)
        : this(name, meaning, counter.SinceReset, counter.Total)
    {
    }
}

/// <summary>How some values are distributed.</summary>
/// <param name="Name">As above.</param>
/// <param name="Meaning">As above.</param>
/// <param name="Reading">The values.</param>
/// <param name="Unit">What one of ZooKeeper's units is in recorded ones: 1000 for milliseconds.</param>
/// <param name="HasQuantiles">ZooKeeper gives its quantiles too.</param>
internal sealed record SummaryFigure(
    string Name, string Meaning, DistributionReading Reading, double Unit, bool HasQuantiles) : Figure(Name, Meaning);
