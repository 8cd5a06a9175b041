namespace Coord.Raft;

/// <summary>
/// The other nodes that this one deals with: everybody of the membership in force, on a leader also who was removed
/// and was not told yet (raft-design M11). Links are kept for strangers too: they may become members (M12).
/// </summary>
internal sealed class PeerSet(NodeId self, RaftSettings settings)
{
    // Sorted by number, as Peers: no walk depends on hash order (raft-design A10).
    private readonly SortedList<NodeId, PeerLink> links = [];

    /// <summary>By number. Replaced when the membership changes, never changed.</summary>
    public PeerProgress[] All { get; private set; } = [];

    /// <summary>The progress of a peer, or null for a stranger.</summary>
    public PeerProgress? Find(NodeId id)
    {
        foreach (var peer in All)
        {
            if (peer.Id == id)
                return peer;
        }

        return null;
    }

    /// <summary>The way to a node, or null when nothing is known of it.</summary>
    public PeerLink? FindLink(NodeId id) => links.GetValueOrDefault(id);

    /// <summary>The way to a node.</summary>
    public PeerLink LinkTo(NodeId id)
    {
        if (!links.TryGetValue(id, out var link))
            links.Add(id, link = new PeerLink(id));
        return link;
    }

    /// <summary>Nothing is kept of a node that is no peer and whose process has ended.</summary>
    public void ForgetStranger(NodeId id)
    {
        if (Find(id) is null)
            links.Remove(id);
    }

    /// <summary>Just the members.</summary>
    public void Use(Membership membership) => Use(membership, []);

    /// <summary>The members, and <paramref name="departing"/> until they have been told.</summary>
    public void Use(Membership membership, IEnumerable<NodeId> departing)
    {
        var ids = membership.Everybody().Union(departing).Where(id => id != self).Order();
        All = [.. ids.Select(id => PeerFor(id, membership))];
    }

    /// <summary>It has been told of its removal, or was given up.</summary>
    public void Drop(PeerProgress departing) => All = Array.FindAll(All, peer => peer != departing);

    private PeerProgress PeerFor(NodeId id, Membership membership)
    {
        var known = Find(id);
        if (!membership.Contains(id))
        {
            var peer = known ?? new PeerProgress(LinkTo(id), settings);
            peer.Depart(membership.Index);
            return peer;
        }

        // Who comes back may be another node of the same number: what the old one acknowledged is not its own (M15).
        return known is { IsDeparting: false } ? known : new PeerProgress(LinkTo(id), settings);
    }
}
