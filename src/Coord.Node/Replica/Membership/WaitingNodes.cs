using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>
/// Nodes on empty data directories that introduced themselves and wait to be let in (raft-design M14). Who has not done
/// so again for a while has gone.
/// </summary>
internal sealed class WaitingNodes
{
    // Introductions come every second: three may be lost.
    private const long SilenceMs = 4_000;

    private readonly Dictionary<NodeId, (Member Node, long HeardMs)> waiting = [];

    public void Introduced(Member node, long nowMs) => waiting[node.Id] = (node, nowMs);

    /// <summary>The node of this number that waits now, or null.</summary>
    public Member? Find(NodeId id, long nowMs) =>
        waiting.TryGetValue(id, out var entry) && nowMs - entry.HeardMs <= SilenceMs ? entry.Node : null;
}
