using Coord.Node.Admin;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>An administrator's order, on its way from the admin port to the loop.</summary>
internal abstract record AdminOrder(TaskCompletionSource<AdminAnswer> Answer) : ReplicaInput;

/// <summary>Take a waiting node in as learner.</summary>
internal sealed record AddOrder(NodeId Node, TaskCompletionSource<AdminAnswer> Answer) : AdminOrder(Answer);

/// <summary>Take a member out.</summary>
internal sealed record RemoveOrder(NodeId Node, bool Force, TaskCompletionSource<AdminAnswer> Answer)
    : AdminOrder(Answer);

/// <summary>Take a member out whose disk is lost, and the node that waits in its place in (raft-design M15).</summary>
internal sealed record ReplaceOrder(NodeId Node, bool Force, TaskCompletionSource<AdminAnswer> Answer)
    : AdminOrder(Answer);

/// <summary>Hand leadership over.</summary>
internal sealed record TransferOrder(NodeId? To, TaskCompletionSource<AdminAnswer> Answer) : AdminOrder(Answer);
