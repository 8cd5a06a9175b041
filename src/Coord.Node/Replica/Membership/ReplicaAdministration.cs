using Coord.Node.Admin;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>Hands orders to the loop and waits for their answers.</summary>
internal sealed class ReplicaAdministration(IReplicaInbox inbox) : IReplicaAdministration
{
    public Task<AdminAnswer> AddAsync(NodeId node, CancellationToken cancellation) =>
        OrderAsync(answer => new AddOrder(node, answer), cancellation);

    public Task<AdminAnswer> RemoveAsync(NodeId node, bool force, CancellationToken cancellation) =>
        OrderAsync(answer => new RemoveOrder(node, force, answer), cancellation);

    public Task<AdminAnswer> ReplaceAsync(NodeId node, bool force, CancellationToken cancellation) =>
        OrderAsync(answer => new ReplaceOrder(node, force, answer), cancellation);

    public Task<AdminAnswer> TransferAsync(NodeId? to, CancellationToken cancellation) =>
        OrderAsync(answer => new TransferOrder(to, answer), cancellation);

    private Task<AdminAnswer> OrderAsync(
        Func<TaskCompletionSource<AdminAnswer>, AdminOrder> order, CancellationToken cancellation)
    {
        // Continued elsewhere: the loop completes it (raft-design F22).
        var answer = new TaskCompletionSource<AdminAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        inbox.Post(order(answer));
        return answer.Task.WaitAsync(cancellation);
    }
}
