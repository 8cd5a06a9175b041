using System.Diagnostics;

namespace Coord.JepsenLike.Histories;

/// <summary>One monotonic clock for everything that a run records.</summary>
internal sealed class RunClock
{
    private readonly long start = Stopwatch.GetTimestamp();

    /// <summary>Nanoseconds since the start.</summary>
    public long Now => (long)((Stopwatch.GetTimestamp() - start) * (1e9 / Stopwatch.Frequency));
}
