using System.Numerics;

namespace Coord.RecipeLoad;

/// <summary>How long calls took, in buckets of a sixteenth of their power of two.</summary>
internal sealed class Latencies
{
    private const int PartBits = 4;
    private const int Parts = 1 << PartBits;

    private readonly long[] counts = new long[64 * Parts];

    internal long Count { get; private set; }

    internal void Add(TimeSpan took)
    {
        counts[BucketOf((long)took.TotalNanoseconds)]++;
        Count++;
    }

    internal void Add(Latencies others)
    {
        for (var bucket = 0; bucket < counts.Length; bucket++)
            counts[bucket] += others.counts[bucket];
        Count += others.Count;
    }

    /// <summary>What so large a share of the calls took at most, to a sixteenth; zero if there was none.</summary>
    internal TimeSpan Percentile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        var seen = 0L;
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            seen += counts[bucket];
            if (seen >= rank)
                return TimeSpan.FromMicroseconds(LeastOf(bucket) / 1000.0);
        }

        return TimeSpan.Zero;
    }

    // Below 32 ns each has a bucket of its own; above, the bits behind the first four are left out.
    private static int BucketOf(long nanoseconds)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)nanoseconds | 1) - PartBits);
        return (shift << PartBits) + (int)(nanoseconds >> shift);
    }

    private static long LeastOf(int bucket)
    {
        var shift = Math.Max(0, (bucket >> PartBits) - 1);
        return (long)(bucket - (shift << PartBits)) << shift;
    }
}
