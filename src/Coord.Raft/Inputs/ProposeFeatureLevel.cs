namespace Coord.Raft;

/// <summary>
/// Raise the cluster's feature level (raft-design I6): step it when every member, learners too, reported that it knows
/// the level. Only a leader that committed in its office does it, while no transfer runs and no earlier level and no
/// change of the membership is uncommitted. Otherwise nothing happens and nothing is told: look at
/// <see cref="RaftStatus.FeatureLevel"/> and ask again later.
/// </summary>
/// <param name="Level">Higher than the one in force; levels are never lowered.</param>
public sealed record ProposeFeatureLevel(int Level) : RaftInput;
