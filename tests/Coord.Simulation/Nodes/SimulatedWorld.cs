using Coord.Simulation.Checks;
using Coord.Simulation.Network;
using Coord.Simulation.Runs;
using Coord.Simulation.Time;

namespace Coord.Simulation.Nodes;

/// <summary>What all nodes of a run share.</summary>
internal sealed class SimulatedWorld
{
    public required EventQueue Events { get; init; }

    public required Trace Trace { get; init; }

    public required RunShape Shape { get; init; }

    public required RaftChecker Checker { get; init; }

    public required SessionChecker Sessions { get; init; }

    public SimulatedNetwork Network { get; set; } = null!;

    public SnapshotTransfers Transfers { get; set; } = null!;

    /// <summary>Flushes may take very long, and such.</summary>
    public bool IsFaulty { get; set; } = true;
}
