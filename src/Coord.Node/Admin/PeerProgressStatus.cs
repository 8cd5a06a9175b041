using Coord.Raft;

namespace Coord.Node.Admin;

/// <summary>
/// Another node as seen from here. <paramref name="State"/> is probe, replicate or snapshot on a leader, else
/// empty.
/// </summary>
/// <param name="Id">The peer.</param>
/// <param name="Linked">Whether a link to it stands.</param>
/// <param name="State">How the leader replicates to it.</param>
/// <param name="Match">Highest index known to be durable there; 0 when this node does not lead.</param>
/// <param name="Lag">Entries it is behind this leader's log; 0 when this node does not lead.</param>
internal sealed record PeerProgressStatus(NodeId Id, bool Linked, string State, long Match, long Lag);
