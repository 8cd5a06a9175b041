namespace Coord.Raft;


/// <summary>How a leader sends to a peer (raft-design section 6).</summary>
public enum PeerState
{
    /// <summary>One append at a time, to find where the logs agree.</summary>
    Probe = 0,

    /// <summary>Appends in a window, ahead of acknowledgements.</summary>
    Replicate = 1,

    /// <summary>Needs a snapshot: heartbeats only until it has one.</summary>
    Snapshot = 2,
}
