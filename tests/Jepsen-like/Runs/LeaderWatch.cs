using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Runs;

/// <summary>Asks the nodes who leads, several times a second, and counts how often the answer changed.</summary>
internal sealed class LeaderWatch(LocalCluster cluster)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public int Changes { get; private set; }

    public int? Leader { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var now = await cluster.LeaderAsync();
            if (now is not null && Leader is not null && now != Leader)
                Changes++;
            Leader = now ?? Leader;
            await Task.Delay(Interval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
