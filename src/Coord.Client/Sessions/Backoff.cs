namespace Coord.Client;

/// <summary>
/// Pauses of the connection's thread: none until every address was tried once, then doubling with full jitter.
/// </summary>
internal sealed class Backoff(RetryOptions retry, TimeProvider provider, EndpointList endpoints)
{
    private readonly object gate = new();
    private int attempts;
    private bool isWoken;

    internal void Reset() => attempts = 0;

    /// <summary>Ends the present pause and all later ones.</summary>
    internal void Wake()
    {
        lock (gate)
        {
            isWoken = true;
            Monitor.PulseAll(gate);
        }
    }

    internal void Pause()
    {
        attempts++;
        var attemptsPerRound = endpoints.Count;
        if (attempts % attemptsPerRound != 0)
            return;
        var rounds = Math.Min(attempts / attemptsPerRound, 30) - 1;
        var longest = Math.Min(retry.FirstDelay.TotalMilliseconds * (1L << rounds), retry.MaxDelay.TotalMilliseconds);
        Wait(TimeSpan.FromMilliseconds(1 + (longest * Random.Shared.NextDouble())));
    }

    /// <summary>Waits, unless woken.</summary>
    internal void Wait(TimeSpan delay)
    {
        // The system's timers run on the pool, which may be starved: its clock is waited for directly.
        if (ReferenceEquals(provider, TimeProvider.System))
        {
            lock (gate)
            {
                if (!isWoken)
                    Monitor.Wait(gate, delay);
            }

            return;
        }

        var isOver = false;
        using var timer = provider.CreateTimer(_ => Over(), null, delay, Timeout.InfiniteTimeSpan);
        lock (gate)
        {
            while (!isWoken && !isOver)
                Monitor.Wait(gate);
        }

        void Over()
        {
            lock (gate)
            {
                isOver = true;
                Monitor.PulseAll(gate);
            }
        }
    }
}
