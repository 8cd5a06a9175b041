using static Coord.Simulation.Mutants.SourceFiles;

namespace Coord.Simulation.Mutants;

/// <summary>Read barriers, at the leader and at the node that asks (raft-design section 14, "Reads").</summary>
internal static class ReadBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("sync-joins-open-round", "Q4: a sync takes part in the round under way", 100,
            new PlantedEdit(ProofRounds, "return [[NextRound]];", "IsUnderWay ? NextRound - 1 : NextRound")),
        new("sync-before-apply", "Q5, BQ7: a sync ends before this node applied what was confirmed", 40,
            new PlantedEdit(ProofRounds, "appliedIndex < awaitedIndex", "awaitedIndex == NoAnswer")),
    ];
}
