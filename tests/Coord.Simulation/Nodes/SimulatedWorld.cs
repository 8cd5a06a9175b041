using Coord.Raft;
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

    public required OfficeChecker Offices { get; init; }

    public required SessionChecker Sessions { get; init; }

    public SimulatedNetwork Network { get; set; } = null!;

    public SnapshotTransfers Transfers { get; set; } = null!;

    /// <summary>What happened so far, for the last line of a run.</summary>
    public RunCounters Counters { get; } = new();

    /// <summary>Harm is done; off in the phase in which all must go well (raft-design T7).</summary>
    public bool IsFaulty { get; set; } = true;

    public IReadOnlyList<SimulatedNode> Nodes { get; set; } = [];

    /// <summary>The membership that is committed; null while it may be another one already.</summary>
    public Func<Membership?> Membership { get; set; } = () => null;

    /// <summary>An administrator's order may change the membership.</summary>
    public Func<bool> IsChanging { get; set; } = () => false;

    /// <summary>Notes an event that a reader of a failure wants to see.</summary>
    public void Tell(string line) => Trace.Say(Events.Now, line);
}
