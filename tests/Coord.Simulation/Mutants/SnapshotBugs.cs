using static Coord.Simulation.Mutants.SourceFiles;

namespace Coord.Simulation.Mutants;

/// <summary>Taking, sending and installing snapshots (raft-design section 14, "Snapshots").</summary>
internal static class SnapshotBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("snapshot-not-flushed", "S3, BS2: a snapshot gets its name before its bytes are on disk", 100,
            new PlantedEdit(
                SnapshotFileWriter, "Write(footer); [[Flush();]]", "")),
        new("received-not-flushed", "S7, BS5: a received snapshot is installed before its bytes are on disk", 200,
            new PlantedEdit(
                SnapshotReceiver, "file.FlushData();", "")),
        new("snapshot-name-not-flushed", "P5, BP3: a snapshot's name may vanish", 200,
            new PlantedEdit(
                SnapshotStore,
                "_files.Rename(temporaryPath, PathOf(snapshot.Id)); [[_files.FlushDirectory(_directory);]]",
                "")),
        new("applied-index-apart", "C7: a snapshot's index is not that of the state in it", 20,
            new PlantedEdit(
                SnapshotDuties,
                "new LogIndex([[tree.AppliedIndex]])",
                "tree.AppliedIndex - 1")),
        new("log-survives-install", "S8: the log is not dropped when a snapshot is installed", 20,
            new PlantedEdit(
                SnapshotDuties, "log.MarkSnapshot(install.Index, install.Term, isReset: [[true]])", "false")),
        new("released-before-marked", "S3, BS2: older snapshots and log go before the mark is durable", 100,
            new PlantedEdit(
                SnapshotDuties,
                "snapshotBytes = written.FileBytes;",
                "snapshotBytes = written.FileBytes; background.ReleaseOlder(written.Snapshot);")),
        new("append-during-install", "S9: entries are taken into a log that is about to be dropped", 400,
            new PlantedEdit(AppendRules, "if (state.Installing) return;", ""))
        {
            Runs = SuitedRuns.SlowInstalls,
        },
    ];
}
