namespace Coord.Raft;

/// <summary>A change of the membership that was not begun. Nothing happened.</summary>
/// <param name="Token">As in <see cref="ChangeMembership"/>.</param>
/// <param name="Reason">Why.</param>
/// <param name="Reachable">How many of the wanted voters were heard within T, this node included; told with
/// <see cref="ChangeRefusalReason.QuorumOutOfReach"/>, else 0.</param>
/// <param name="Needed">How many of them make a quorum; told likewise.</param>
public readonly record struct ChangeRefusal(long Token, ChangeRefusalReason Reason, int Reachable, int Needed);
