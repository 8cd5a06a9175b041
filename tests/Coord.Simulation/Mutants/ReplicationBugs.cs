using static Coord.Simulation.Mutants.SourceFiles;

namespace Coord.Simulation.Mutants;

/// <summary>The flow of entries to the peers (raft-design section 14, "Replication flow").</summary>
internal static class ReplicationBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("window-never-freed", "R8, BR4: acknowledged appends stay in the window", 20,
            new PlantedEdit(PeerProgress, "Window.FreeTo(index);", "")),
        new("stuck-window", "R9, BR4: a window whose answers were lost waits for ever", 100,
            new PlantedEdit(Replication, "peer.CheckDue = true;", "")),
        new("probe-not-resumed", "R13, BR6: a heartbeat's answer does not send the lost probe again", 20,
            new PlantedEdit(Replication, "peer.ProbeSent = false;", "")),
        new("next-below-match", "R7, BR5: an old rejection sends what was acknowledged again", 100,
            new PlantedEdit(PeerProgress, "Enter(PeerState.Probe, [[LogIndex.Max(next, Match.Next)]]);", "next"),
            new PlantedEdit(Replication, "response.Index == peer.Next.Previous", "true")),
        new("snapshot-not-offered-again", "R-table: a peer stays in the Snapshot state after a failed transfer", 100,
            new PlantedEdit(Replication, "peer.SnapshotPause = state.Settings.SnapshotRetryTicks;", ""))
        {
            Runs = SuitedRuns.BrokenTransfers,
        },
    ];
}
