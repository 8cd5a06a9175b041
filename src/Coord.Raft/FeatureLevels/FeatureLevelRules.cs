namespace Coord.Raft;

/// <summary>A leader raises the feature level by an entry (raft-design I6).</summary>
internal sealed class FeatureLevelRules(RaftState state, LeadershipTransfer transfer)
{
    /// <summary>Appends the entry, or does nothing.</summary>
    public void Propose(int level)
    {
        if (state.HasCommittedInOffice
            && !transfer.IsRunning
            && IsSettled
            && level > state.FeatureLevels.Current
            && level <= state.Settings.FeatureLevelMax)
            state.AppendOwn(EntryKind.FeatureLevel, FeatureLevelCodec.Encode(level));
    }

    // Every member reports support: who is one must not be in question, and one step at a time.
    private bool IsSettled =>
        !state.Membership.IsJoint
        && state.Membership.Index <= state.Commit
        && state.FeatureLevels.Index <= state.Commit;
}
