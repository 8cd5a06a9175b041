using Coord.Node.Hosting;

namespace Coord.Node.Replica;

/// <summary>
/// Carries inputs from every other thread to the replica loop. A plain lock, held for one list operation, and a
/// signal only when the loop waits: under load a hand-over costs no wake-up.
/// </summary>
/// <remarks>
/// Bounded by its producers: connections have a budget of request bytes, a peer link a bounded window, and every
/// other producer has one report under way (raft-design A5). So a turn takes all there is.
/// </remarks>
internal sealed class ReplicaQueue : IReplicaInbox
{
    private readonly Lock gate = new();
    private readonly ThreadSignal arrived = new();
    private List<ReplicaInput> incoming = new(256);
    private List<ReplicaInput> taken = new(256);
    private bool isWaiting;

    public void Post(ReplicaInput input)
    {
        bool isAwaited;
        lock (gate)
        {
            incoming.Add(input);
            isAwaited = isWaiting;
            isWaiting = false;
        }

        if (isAwaited)
            arrived.Set();
    }

    /// <summary>Waits up to <paramref name="wait"/> for inputs and hands over all of them, oldest first.</summary>
    /// <returns>A list that is valid until the next call.</returns>
    public IReadOnlyList<ReplicaInput> Take(TimeSpan wait)
    {
        taken.Clear();
        if (!TryTake(mayWait: wait > TimeSpan.Zero))
        {
            arrived.Wait(wait);
            TryTake(mayWait: false);
        }

        return taken;
    }

    // Says in the same step that the loop is about to wait: an input is either taken here or wakes it.
    private bool TryTake(bool mayWait)
    {
        lock (gate)
        {
            isWaiting = mayWait && incoming.Count == 0;
            (incoming, taken) = (taken, incoming);
            return !isWaiting;
        }
    }
}
