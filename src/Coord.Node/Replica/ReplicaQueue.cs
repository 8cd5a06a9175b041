namespace Coord.Node.Replica;

/// <summary>
/// Carries inputs from every other thread to the replica loop. A plain lock, held for one list operation, and a
/// pulse only when the queue was empty: under load a hand-over costs no wake-up.
/// </summary>
/// <remarks>
/// Bounded by its producers: connections have a budget of request bytes, a peer link a bounded window, and every
/// other producer has one report under way (raft-design A5). So a turn takes all there is.
/// </remarks>
internal sealed class ReplicaQueue : IReplicaInbox
{
    private readonly object gate = new();
    private List<ReplicaInput> incoming = new(256);
    private List<ReplicaInput> taken = new(256);
    private bool isWaiting;

    public void Post(ReplicaInput input)
    {
        lock (gate)
        {
            incoming.Add(input);
            if (isWaiting && incoming.Count == 1)
                Monitor.Pulse(gate);
        }
    }

    /// <summary>Waits up to <paramref name="wait"/> for inputs and hands over all of them, oldest first.</summary>
    /// <returns>A list that is valid until the next call.</returns>
    public IReadOnlyList<ReplicaInput> Take(TimeSpan wait)
    {
        taken.Clear();
        lock (gate)
        {
            if (incoming.Count == 0 && wait > TimeSpan.Zero)
            {
                isWaiting = true;
                Monitor.Wait(gate, wait);
                isWaiting = false;
            }

            (incoming, taken) = (taken, incoming);
        }

        return taken;
    }
}
