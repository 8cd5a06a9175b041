namespace Coord.Node.Metrics;

/// <summary>What a <see cref="Distribution"/> held at a moment.</summary>
internal sealed record DistributionReading
{
    public static DistributionReading Empty { get; } = new();

    /// <summary>Values since <c>srst</c>.</summary>
    public long Count { get; init; }

    public long Sum { get; init; }

    /// <summary>The least value, 0 when there is none.</summary>
    public long Least { get; init; }

    public long Greatest { get; init; }

    /// <summary>Values since the start of the process.</summary>
    public long TotalCount { get; init; }

    public long TotalSum { get; init; }

    public IReadOnlyList<long> Buckets { get; init; } = [];

    public double Average => Count == 0 ? 0 : (double)Sum / Count;

    /// <summary>The value that this share of all values does not exceed, to a sixteenth.</summary>
    public long Quantile(double share)
    {
        // The buckets were read after the count, and may hold more.
        var rank = (long)Math.Ceiling(share * Buckets.Sum());
        for (var bucket = 0; bucket < Buckets.Count; bucket++)
        {
            rank -= Buckets[bucket];
            if (rank <= 0)
                return Math.Clamp(Distribution.UpperBoundOf(bucket), Least, Math.Max(Least, Greatest));
        }

        return Greatest;
    }

    /// <summary>Both together, as if recorded in one.</summary>
    public DistributionReading With(DistributionReading other) => new()
    {
        Count = Count + other.Count,
        Sum = Sum + other.Sum,
        Least = Count == 0 ? other.Least : other.Count == 0 ? Least : Math.Min(Least, other.Least),
        Greatest = Math.Max(Greatest, other.Greatest),
        TotalCount = TotalCount + other.TotalCount,
        TotalSum = TotalSum + other.TotalSum,
        Buckets = Buckets.Count == 0 ? other.Buckets
            : other.Buckets.Count == 0 ? Buckets
            : [.. Buckets.Zip(other.Buckets, (here, there) => here + there)],
    };
}
