using static Coord.Simulation.Mutants.SourceFiles;

namespace Coord.Simulation.Mutants;

/// <summary>What must be on disk before what (raft-design section 14, "Durability").</summary>
internal static class DurabilityBugs
{
    public static IReadOnlyList<PlantedBug> All { get; } =
    [
        new("acceptance-before-flush", "R16, BP2: entries are acknowledged before they are on disk", 20,
            new PlantedEdit(Acknowledgements, "index <= state.Log.Durable && state.IsHardStateDurable", "true")),
        new("promise-before-flush", "K7: what waits for the disk is sent at once", 20,
            new PlantedEdit(AfterPersist, "sequence <= persisted", "true")),
        new("log-not-flushed", "P2, BP2: a batch is reported durable without a flush", 20,
            new PlantedEdit(LogWriter, "[[_file.FlushData();]] Metrics.Flush.Record", "")),
        new("term-not-written", "P1, BP5: term and vote never get into the log", 20,
            new PlantedEdit(LogWriter, "_encoder.AddTermAndVote(state);", "")),
        new("segment-name-not-flushed", "P5, BP3: a new segment's name may vanish", 40,
            new PlantedEdit(SegmentFactory, "_files.FlushDirectory(_directory);", "")),
        new("start-number-repeated", "I4, I9: the number of a process start is used before it is on disk", 100,
            new PlantedEdit(DataDirectory, "slots.Flush();", "")),
        new("acceptance-before-term", "section 11: entries are acknowledged before their term is on disk", 40,
            new PlantedEdit(
                Acknowledgements,
                "index <= state.Log.Durable && state.IsHardStateDurable",
                "index <= state.Log.Durable")),
        new("recovered-log-not-flushed", "P20: what a killed process wrote is called durable without a flush", 100,
            new PlantedEdit(LogRepair, "WriteZeros(file, tail.Offset, writtenEnd); [[file.FlushData();]]", "")),
    ];
}
