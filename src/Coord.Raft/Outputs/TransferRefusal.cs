namespace Coord.Raft;

/// <summary>A transfer of leadership that was not begun. Nothing happened.</summary>
/// <param name="Wanted">As in <see cref="TransferLeadership"/>.</param>
/// <param name="Reason">Why.</param>
public sealed record TransferRefusal(NodeId? Wanted, TransferRefusalReason Reason);
