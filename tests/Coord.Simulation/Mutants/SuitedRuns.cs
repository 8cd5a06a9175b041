using Coord.Simulation.Faults;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Mutants;

/// <summary>Runs for bugs that few freely drawn ones meet. The right code passes the same seeds of them.</summary>
internal static class SuitedRuns
{
    /// <summary>Leaders lose their office again and again, with long tails that nobody else has.</summary>
    public static RunOptions DeposedLeaders { get; } = RunOptions.Default with
    {
        Nodes = 5,
        Faults = FaultSet.Of(
            FaultKind.Partitions,
            FaultKind.Clogging,
            FaultKind.SlowMessages,
            FaultKind.SlowFlushes,
            FaultKind.Kills),
    };

    /// <summary>Followers fall behind; snapshots are sent slowly, break off, and take long to install.</summary>
    public static RunOptions BrokenTransfers { get; } = RunOptions.Default with
    {
        Faults = FaultSet.Of(
            FaultKind.Partitions,
            FaultKind.Clogging,
            FaultKind.SlowMessages,
            FaultKind.SlowFlushes,
            FaultKind.TransferCuts),
    };

    /// <summary>Leaders stand still, and what was sent to them meanwhile comes late and all at once.</summary>
    public static RunOptions PausedLeaders { get; } = RunOptions.Default with
    {
        Nodes = 3,
        Faults = FaultSet.Of(FaultKind.Pauses, FaultKind.Clogging),
    };

    /// <summary>Leaders change while snapshots are installed.</summary>
    public static RunOptions SlowInstalls { get; } = RunOptions.Default with
    {
        Faults = FaultSet.Of(
            FaultKind.Partitions,
            FaultKind.SlowMessages,
            FaultKind.SlowFlushes,
            FaultKind.Kills),
    };

    /// <summary>Nodes come and go while leaders lose their office.</summary>
    public static RunOptions Changes { get; } = RunOptions.Default with
    {
        Faults = FaultSet.Of(
            FaultKind.Changes,
            FaultKind.Partitions,
            FaultKind.Clogging,
            FaultKind.SlowMessages,
            FaultKind.SlowFlushes,
            FaultKind.Kills),
    };

    /// <summary>Leaders stand still while others take their place, and clients read at both.</summary>
    public static RunOptions LostOffices { get; } = RunOptions.Default with
    {
        Nodes = 3,
        Faults = FaultSet.Of(FaultKind.Pauses),
    };

    /// <summary>New leaders hear late of what the old one committed.</summary>
    public static RunOptions LateCommits { get; } = RunOptions.Default with
    {
        Nodes = 3,
        Faults = FaultSet.Of(
            FaultKind.Partitions,
            FaultKind.Clogging,
            FaultKind.SlowMessages,
            FaultKind.Kills),
    };

    /// <summary>Answers come twice, and late: the question may have been asked again, or another one.</summary>
    public static RunOptions LateAnswers { get; } = RunOptions.Default with
    {
        Nodes = 3,
        Faults = FaultSet.Of(FaultKind.Duplicates, FaultKind.SlowMessages, FaultKind.Reordering),
    };
}
