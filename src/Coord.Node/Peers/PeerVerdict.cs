namespace Coord.Node.Peers;

/// <summary>The outcome of a handshake. The numbers are on the wire: never reuse one.</summary>
internal enum PeerVerdict : byte
{
    Accepted = 0,

    /// <summary>No wire version in common (raft-design I6).</summary>
    WireVersion = 1,

    /// <summary>The other belongs to a cluster of another name.</summary>
    ClusterName = 2,

    /// <summary>Same name, another cluster (raft-design I1).</summary>
    ClusterId = 3,

    /// <summary>The dialler looked for another node at this address (raft-design I2).</summary>
    WrongPeer = 4,

    /// <summary>Both have the same id: a copied configuration.</summary>
    SameNode = 5,

    /// <summary>The cluster has no such node: it waits to be let in (raft-design M9).</summary>
    NotAMember = 6,

    /// <summary>
    /// The cluster knows the node by another incarnation: its data directory was replaced (raft-design I3).
    /// </summary>
    Incarnation = 7,

    /// <summary>A newer process of the same node is linked already (raft-design I4).</summary>
    OlderProcess = 8,

    /// <summary>Alive, but not taking part yet: try again.</summary>
    NotReady = 9,

    /// <summary>A snapshot is being received or installed: try again later (raft-design S9).</summary>
    Busy = 10,

    /// <summary>The two list different nodes for a cluster that does not exist yet.</summary>
    NodeLists = 11,

    /// <summary>The cluster's feature level is beyond what the other knows (raft-design I6).</summary>
    FeatureLevel = 12,
}
