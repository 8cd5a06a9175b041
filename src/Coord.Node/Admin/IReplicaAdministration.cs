using Coord.Raft;

namespace Coord.Node.Admin;

/// <summary>
/// What an administrator orders of the cluster. Only the leader obeys; every method may be called on any node, by any
/// thread. Cancelling stops the wait, not the order.
/// </summary>
internal interface IReplicaAdministration
{
    /// <summary>
    /// Takes in a node that waits on an empty directory: as learner, done when that is committed. It is promoted by
    /// itself once it has caught up (raft-design M9).
    /// </summary>
    Task<AdminAnswer> AddAsync(NodeId node, CancellationToken cancellation);

    /// <summary>
    /// Takes a member out, the leader itself too. Refused when the rest would have no quorum within reach, unless
    /// forced (raft-design M8).
    /// </summary>
    Task<AdminAnswer> RemoveAsync(NodeId node, bool force, CancellationToken cancellation);

    /// <summary>
    /// Takes a member whose data directory is lost out, and the node that waits in its place in as learner (M15).
    /// </summary>
    Task<AdminAnswer> ReplaceAsync(NodeId node, bool force, CancellationToken cancellation);

    /// <summary>Hands leadership to this voter, or to the fittest one (raft-design L1).</summary>
    Task<AdminAnswer> TransferAsync(NodeId? to, CancellationToken cancellation);
}
