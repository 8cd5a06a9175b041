namespace Coord.Client;

/// <summary>
/// The numbers of a session's writes that take effect once, and up to which of them all replies have arrived.
/// </summary>
internal sealed class OnceNumbers
{
    internal const string Feature = "dedupe";

    // A server remembers 64 replies of a session, and fewer where they are large: with more on their way at once, some
    // could not be told after a reconnect.
    internal const int InFlightMax = 32;

    private readonly Lock gate = new();
    private readonly SortedSet<long> open = [];
    private long epoch;
    private long last;

    internal SemaphoreSlim Room { get; } = new(InFlightMax);

    internal long Next(long sessionEpoch)
    {
        lock (gate)
        {
            if (sessionEpoch != epoch)
            {
                (epoch, last) = (sessionEpoch, 0);
                open.Clear();
            }

            open.Add(++last);
            return last;
        }
    }

    /// <summary>Up to which number everything below <paramref name="number"/> is over for us.</summary>
    internal long Acknowledged(long sessionEpoch, long number)
    {
        lock (gate)
            return sessionEpoch == epoch && open.Count > 0 ? Math.Min(open.Min, number) - 1 : number - 1;
    }

    internal void Done(long sessionEpoch, long number)
    {
        lock (gate)
        {
            if (sessionEpoch == epoch)
                open.Remove(number);
        }
    }
}
