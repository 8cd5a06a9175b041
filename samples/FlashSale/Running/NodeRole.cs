namespace FlashSale.Running;

/// <summary>What a node is at the moment.</summary>
internal enum NodeRole
{
    /// <summary>Does not answer.</summary>
    Down,

    /// <summary>Answers, and serves nobody yet.</summary>
    Joining,

    Follower,

    Leader,
}
