using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// The links by peer: those of the members, and those of nodes that greeted as members of this cluster before this
/// node heard of them (raft-design M12). Read without waiting; changed by copying.
/// </summary>
/// <param name="self">This node, which has no link to itself.</param>
/// <param name="make">Makes a link.</param>
/// <param name="start">Starts its sender, once the link can be found here: who hears of it may send at once.</param>
/// <param name="limits">How many links there may be.</param>
internal sealed class PeerTable(
    NodeId self, Func<Member, PeerLink> make, Action<PeerLink> start, NodeLimits limits)
{
    private readonly Lock gate = new();
    private volatile Dictionary<NodeId, PeerLink> links = [];
    private volatile PeerLink[] all = [];
    private bool isEnded;

    public PeerLink[] All => all;

    /// <summary>The link to this peer, or null.</summary>
    public PeerLink? Find(NodeId id) => links.GetValueOrDefault(id);

    /// <summary>
    /// Makes the links of these nodes; others end after a while unless their nodes keep coming back.
    /// </summary>
    public void SetMembers(IReadOnlyList<Member> members)
    {
        lock (gate)
        {
            if (isEnded)
                return;
            var changed = new Dictionary<NodeId, PeerLink>(links);
            foreach (var member in members.Where(member => member.Id != self))
                TakeIn(changed, member).List(member);
            foreach (var link in changed.Values.Where(link => members.All(member => member.Id != link.Peer.Id)))
                link.Unlist();
            Publish(changed);
        }
    }

    /// <summary>Makes links to nodes that a waiting node heard of, unless there are too many; ends none.</summary>
    public void Hear(IReadOnlyList<Member> nodes)
    {
        lock (gate)
        {
            if (isEnded)
                return;
            var changed = new Dictionary<NodeId, PeerLink>(links);
            foreach (var node in nodes)
            {
                if (node.Id != self && changed.Count < limits.PeerLinksMax && !changed.ContainsKey(node.Id))
                    changed.Add(node.Id, make(node));
            }

            if (changed.Count > links.Count)
                Publish(changed);
        }
    }

    /// <summary>The link of a node whose greeting was accepted; null when there are too many.</summary>
    public PeerLink? Meet(Member node)
    {
        lock (gate)
        {
            var isKnown = links.TryGetValue(node.Id, out var known) && IsSame(known.Peer, node);
            if (isEnded || (!isKnown && links.Count >= limits.PeerLinksMax))
                return null;
            if (!isKnown)
            {
                var changed = new Dictionary<NodeId, PeerLink>(links);
                known = TakeIn(changed, node);
                known.Unlist();
                Publish(changed);
            }

            known!.Greeted(node);
            return known;
        }
    }

    /// <summary>Takes a link out whose peer is no member any more; false when it has become one again.</summary>
    public bool TryRemove(PeerLink link)
    {
        lock (gate)
        {
            if (!link.IsOver)
                return false;
            if (links.GetValueOrDefault(link.Peer.Id) == link)
            {
                var changed = new Dictionary<NodeId, PeerLink>(links);
                changed.Remove(link.Peer.Id);
                Publish(changed);
            }

            link.End();
            return true;
        }
    }

    /// <summary>Ends all links; none is made any more.</summary>
    public void End()
    {
        lock (gate)
            isEnded = true;
        foreach (var link in all)
            link.End();
    }

    private void Publish(Dictionary<NodeId, PeerLink> changed)
    {
        var before = links;
        links = changed;
        all = [.. changed.Values];
        foreach (var link in all)
        {
            if (before.GetValueOrDefault(link.Peer.Id) != link)
                start(link);
        }
    }

    private PeerLink TakeIn(Dictionary<NodeId, PeerLink> changed, Member node)
    {
        if (changed.TryGetValue(node.Id, out var link))
        {
            if (IsSame(link.Peer, node))
                return link;

            // Another data directory: the process before it is none of this peer's (raft-design I3).
            link.End();
        }

        return changed[node.Id] = make(node);
    }

    // Before the genesis nobody's incarnation is known.
    private static bool IsSame(Member known, Member node) =>
        known.Incarnation == node.Incarnation || known.Incarnation == 0;
}
