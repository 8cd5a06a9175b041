namespace Coord.StateMachine;

/// <summary>
/// What the log said last of the cluster itself: its membership, joint ones too, and its feature level (raft-design
/// S1, M4, I6). The membership's bytes belong to the consensus engine; here they are only kept.
/// </summary>
/// <param name="MembershipIndex">Index of the entry that set the membership; 0 for the one of the genesis.</param>
/// <param name="Membership">The payload of that entry; empty where nobody set one.</param>
/// <param name="FeatureLevel">What all members understand; 1 at the beginning, never lowered.</param>
internal sealed record ClusterFacts(long MembershipIndex, byte[] Membership, int FeatureLevel)
{
    public static ClusterFacts None { get; } = new(0, [], FeatureLevel: 1);

    /// <summary>Their part of the content hash.</summary>
    public ulong ContentHash()
    {
        var digest = new Digest(seed: 0xC1A5);
        digest.Add(MembershipIndex);
        digest.Add(Membership);
        digest.Add(FeatureLevel);
        return digest.Value;
    }
}
