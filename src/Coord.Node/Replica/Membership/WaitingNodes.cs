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

    /// <summary>
    /// These are members, or are about to be: whoever is among them waits no more. Let in a second time, after its
    /// removal, it would have a directory on which it must not start again.
    /// </summary>
    public void LetIn(IReadOnlyList<Member> members)
    {
        foreach (var member in members)
        {
            if (waiting.TryGetValue(member.Id, out var entry) && entry.Node.Incarnation == member.Incarnation)
                waiting.Remove(member.Id);
        }
    }

    /// <summary>The node of this number that waits now, or null.</summary>
    public Member? Find(NodeId id, long nowMs) =>
        waiting.TryGetValue(id, out var entry) && nowMs - entry.HeardMs <= SilenceMs ? entry.Node : null;
}
