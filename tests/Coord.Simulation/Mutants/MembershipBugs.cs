using static Coord.Simulation.Mutants.SourceFiles;

namespace Coord.Simulation.Mutants;

/// <summary>Changes of who votes (raft-design section 14, "Membership and transfer").</summary>
internal static class MembershipBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("membership-not-rolled-back", "M4, BM3: a truncated membership stays in force", 60,
            new PlantedEdit(
                RaftState,
                "FeatureLevels.TruncateAfter(last); [[if (Memberships.TruncateAfter(last)) UseMembership();]]",
                ""))
        {
            Runs = SuitedRuns.Changes,
        },
        new("joint-needs-one-half", "M2, C1: a majority of the incoming voters decides while joint", 60,
            new PlantedEdit(
                JointQuorum,
                "outgoing.Length == 0 || Quorum.IsReached(Count(outgoing, from, holds), outgoing.Length)",
                "true"),
            new PlantedEdit(
                JointQuorum,
                "Math.Min(reached, HighestReached(outgoing, outgoingValues, from, valueOf))",
                "reached"))
        {
            Runs = SuitedRuns.Changes,
        },
        new("learner-counted", "M13, BE14: learners count in votes and commits", 60,
            new PlantedEdit(
                JointQuorum,
                "incoming = [.. membership.Voters];",
                "incoming = [.. membership.Voters, .. membership.Learners];"))
        {
            Runs = SuitedRuns.Changes,
        },
        new("snapshot-without-membership", "M4, BM5: an installed snapshot leaves the old membership in force", 60,
            new PlantedEdit(
                SnapshotRules,
                "state.RestoredTo(installed.Index, installed.Term, [[installed.Membership]], installed.FeatureLevel);",
                "state.Membership"))
        {
            Runs = SuitedRuns.Changes,
        },
        new("two-changes-at-once", "M5, BM4: a change begins before the one under way is committed", 100,
            new PlantedEdit(
                MembershipChanges,
                "[[state.Membership.IsJoint || state.Membership.Index > state.Commit]]",
                "false"),
            new PlantedEdit(
                MembershipDuties,
                "IsChanging => [[core.Membership.IsJoint || core.Membership.Index > core.Commit]];",
                "false"))
        {
            Runs = SuitedRuns.Changes,
        },
        new("joint-not-left", "M6, BM4: a new leader does not end the change of the old one", 60,
            new PlantedEdit(
                MembershipChanges,
                "state.Membership.Index <= state.Commit && [[state.HasCommittedInOffice]]",
                "state.Membership.Index >= state.OfficeStart"))
        {
            Runs = SuitedRuns.Changes,
        },
    ];
}
