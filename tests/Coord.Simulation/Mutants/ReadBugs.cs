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
        new("read-with-barrier-does-not-wait", "Q5: a read with a barrier is answered as one without", 40,
            new PlantedEdit(
                ClientRequests,
                "return [[head.Ticket > rounds.CompletedRound]];",
                "!head.IsBehindProof && head.Ticket > rounds.CompletedRound")),
        new("barrier-without-quorum", "Q3, BQ3: a leader confirms a barrier without asking anybody", 100,
            new PlantedEdit(
                ReadBarriers,
                "state.Quorum.HighestReached( this, static (barriers, voter) => barriers.EchoOf(voter))",
                "Round"))
        {
            Runs = SuitedRuns.LostOffices,
        },
        new("barrier-before-own-commit", "Q2, BQ1: a barrier passes before an entry of the own term is committed", 100,
            new PlantedEdit(ReadBarriers, "&& [[state.HasCommittedInOffice]]", "true"))
        {
            Runs = SuitedRuns.LateCommits,
        },
        new("answer-of-older-attempt", "Q5, BQ2: an answer to an older question passes for a new one", 60,
            new PlantedEdit(ProofRounds, "IsUnderWay && [[attempt == Attempt]]", "true"))
        {
            Runs = SuitedRuns.LateAnswers,
        },
        new("lease-without-bound", "Q10, BQ6: a lease outlives what the voters promised", 200,
            new PlantedEdit(LeaderLease, "oldest.SentAt + [[Length]])", "(3 * Length)"))
        {
            Runs = SuitedRuns.PausedLeaders,
        },
    ];
}
