namespace Coord.Raft;

/// <summary>
/// Answers <see cref="InstallSnapshot"/>: the tree is swapped and the log's reset mark is durable, or nothing
/// changed.
/// </summary>
/// <param name="Index">As asked.</param>
/// <param name="Term">As asked.</param>
/// <param name="Success">False: nothing changed here.</param>
/// <param name="Membership">The membership in force at <paramref name="Index"/>, which the snapshot holds (raft-design
/// S1); null without success.</param>
/// <param name="FeatureLevel">The level in force there, which the snapshot holds too; 0 without success.</param>
public sealed record SnapshotInstalled(
    LogIndex Index, Term Term, bool Success, Membership? Membership, int FeatureLevel) : RaftInput;
