using Coord.Node.Replica;

namespace Coord.Node.Clients;

/// <summary>
/// What is encrypted is sent by the thread pool: each flush is an item of its one queue (no queues of Kestrel's own are
/// in between), so an item behind them runs when they have been taken. Other connections are sent to by their flush.
/// </summary>
internal sealed class PoolSends(IReplicaInbox inbox) : IClientSends, IThreadPoolWorkItem
{
    private static readonly SendsTaken Taken = new();

    public void Mark() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    public void Execute() => inbox.Post(Taken);
}
