using static Coord.Simulation.Mutants.SourceFiles;

namespace Coord.Simulation.Mutants;

/// <summary>Requests, sessions and watches above the log (raft-design I9, C8 and section 14).</summary>
internal static class ApplyBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("apply-takes-repeat", "I9: a request that was sent again is applied again", 20,
            new PlantedEdit(OriginTable, "if ([[sequence < expected]])", "false")),
        new("apply-takes-gap", "I9: a request overtakes one that was lost", 20,
            new PlantedEdit(OriginTable, "sequence > expected", "false")),
        new("new-leader-expires-early", "a new leader counts silence from before its office", 40,
            new PlantedEdit(
                LeaderDuties,
                "expiry.Track(session.Id, session.TimeoutMs, [[view.NowMs]]);",
                "view.NowMs - session.TimeoutMs")),
    ];
}
