using System.Numerics;

namespace Coord.Node.Metrics;

/// <summary>
/// How often which values were seen: sixteen buckets for each power of two, so that a quantile is right to a sixteenth.
/// One thread at a time records, any reads or resets; a reading may miss what is recorded meanwhile.
/// </summary>
/// <remarks>
/// Memory is fixed, and recording touches six words: two plain stores for the bucket and the sum, two for the totals,
/// and two for least and greatest at times.
/// </remarks>
internal sealed class Distribution
{
    private const int BucketBits = 4;
    private const int BucketsPerPower = 1 << BucketBits;

    // Values to 2^42: fifty days in microseconds. Larger ones are counted in the last bucket.
    private const int PowersMax = 42;

    private readonly long[] buckets = new long[(PowersMax - BucketBits + 1) * BucketsPerPower];
    private long count;
    private long sum;
    private long least = long.MaxValue;
    private long greatest;
    private long countBeforeReset;
    private long sumBeforeReset;
    private bool isResetWanted;

    // Odd while the recording thread clears: a reading that met a clearing is made again, or it would mix two times,
    // and totals would go back.
    private int clearings;

    /// <summary>For the thread that the distribution belongs to. Negative values count as 0.</summary>
    public void Record(long value, long times = 1)
    {
        if (Volatile.Read(ref isResetWanted))
            Clear();
        value = Math.Max(0, value);
        ref var bucket = ref buckets[BucketOf(value)];
        Volatile.Write(ref bucket, bucket + times);
        Volatile.Write(ref sum, sum + (value * times));
        if (value < least)
            Volatile.Write(ref least, value);
        if (value > greatest)
            Volatile.Write(ref greatest, value);
        Volatile.Write(ref count, count + times);
    }

    /// <summary>Records a time in microseconds.</summary>
    public void Record(TimeSpan time) => Record(time.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>
    /// Begins anew, as <c>srst</c> asks: done by the recording thread with its next value, and what is read until then
    /// is empty.
    /// </summary>
    public void Reset() => Volatile.Write(ref isResetWanted, true);

    /// <summary>What was recorded so far.</summary>
    public DistributionReading Read()
    {
        for (var wait = default(SpinWait); ; wait.SpinOnce())
        {
            var begun = Volatile.Read(ref clearings);
            var reading = ReadOnce();
            if (begun % 2 == 0 && Volatile.Read(ref clearings) == begun)
                return reading;
        }
    }

    private DistributionReading ReadOnce()
    {
        var here = Volatile.Read(ref count);
        var total = Volatile.Read(ref countBeforeReset) + here;
        var totalSum = Volatile.Read(ref sumBeforeReset) + Volatile.Read(ref sum);
        if (here == 0 || Volatile.Read(ref isResetWanted))
            return DistributionReading.Empty with { TotalCount = total, TotalSum = totalSum };
        return new DistributionReading
        {
            Count = here,
            Sum = Volatile.Read(ref sum),
            Least = Volatile.Read(ref least),
            Greatest = Volatile.Read(ref greatest),
            TotalCount = total,
            TotalSum = totalSum,
            Buckets = Copy(),
        };
    }

    /// <summary>The greatest value that is counted in the same bucket as this one's number.</summary>
    internal static long UpperBoundOf(int bucket)
    {
        if (bucket < BucketsPerPower)
            return bucket;
        var shift = (bucket / BucketsPerPower) - 1;
        return ((BucketsPerPower + (bucket % BucketsPerPower) + 1L) << shift) - 1;
    }

    private static int BucketOf(long value)
    {
        if (value < BucketsPerPower)
            return (int)value;
        var power = BitOperations.Log2((ulong)value);
        if (power >= PowersMax)
            return ((PowersMax - BucketBits + 1) * BucketsPerPower) - 1;
        var shift = power - BucketBits;
        return ((shift + 1) * BucketsPerPower) + (int)(value >> shift) - BucketsPerPower;
    }

    private long[] Copy()
    {
        var copy = new long[buckets.Length];
        for (var bucket = 0; bucket < copy.Length; bucket++)
            copy[bucket] = Volatile.Read(ref buckets[bucket]);
        return copy;
    }

    private void Clear()
    {
        Interlocked.Increment(ref clearings);
        Volatile.Write(ref countBeforeReset, countBeforeReset + count);
        Volatile.Write(ref sumBeforeReset, sumBeforeReset + sum);
        Array.Clear(buckets);
        Volatile.Write(ref count, 0);
        Volatile.Write(ref sum, 0);
        Volatile.Write(ref least, long.MaxValue);
        Volatile.Write(ref greatest, 0);
        Volatile.Write(ref isResetWanted, false);
        Interlocked.Increment(ref clearings);
    }
}
