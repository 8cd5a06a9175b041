using System.Diagnostics;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// The pace of one client: a step in each interval. Who is late catches up, but for what is more than a second ago.
/// </summary>
/// <param name="interval">From the beginning of one step to that of the next.</param>
internal sealed class Pace(TimeSpan interval)
{
    private static readonly TimeSpan LateMost = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly Stopwatch due = Stopwatch.StartNew();
    private TimeSpan next;

    /// <summary>Waits until the next step is due, or there is to be none.</summary>
    public async Task WaitAsync(CancellationToken stop)
    {
        var now = due.Elapsed;
        next = now > next + LateMost ? now : next + interval;
        if (next - now > Shortest)
            await Task.Delay(next - now, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
