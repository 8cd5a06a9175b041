namespace Coord.Client;

/// <summary>What counts as proof that the cluster will keep the session for its whole timeout.</summary>
public enum SessionProof
{
    /// <summary>
    /// What the server makes certain: on Coord a reply to a ping, write, sync or handshake; on plain ZooKeeper a quorum
    /// write that another one, sent a third of the timeout later, has confirmed.
    /// </summary>
    Auto = 0,

    /// <summary>
    /// Any reply. Cheaper, and wrong when a follower that is cut off from the leader keeps answering.
    /// </summary>
    AnyReply = 1,

    /// <summary>Confirmed quorum writes only, on every server.</summary>
    Quorum = 2,
}
