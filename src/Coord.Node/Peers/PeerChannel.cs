namespace Coord.Node.Peers;

/// <summary>What a connection between two nodes is for. The numbers are on the wire.</summary>
internal enum PeerChannel : byte
{
    /// <summary>Messages from the dialling node.</summary>
    Link = 1,

    /// <summary>One snapshot from the dialling node (raft-design S6).</summary>
    Snapshot = 2,

    /// <summary>A node without a cluster asks who the other is (raft-design M14); closed after the answer.</summary>
    Introduction = 3,
}
