namespace Coord.Node.Metrics;

/// <summary>
/// Counts something that happens on one thread at a time, and is read by any: plain stores, each of a whole long, since
/// Coord runs on 64-bit systems.
/// </summary>
internal sealed class Counter
{
    private long total;
    private long atReset;

    /// <summary>Since the start of the process; never falls.</summary>
    public long Total => Volatile.Read(ref total);

    /// <summary>Since <c>srst</c>.</summary>
    public long SinceReset => Total - Volatile.Read(ref atReset);

    /// <summary>For the thread that the counter belongs to.</summary>
    public void Add(long count = 1) => Volatile.Write(ref total, total + count);

    /// <summary>For counters that several threads add to.</summary>
    public void AddShared(long count = 1) => Interlocked.Add(ref total, count);

    public void Reset() => Volatile.Write(ref atReset, Total);
}
