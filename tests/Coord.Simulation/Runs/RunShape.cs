using Coord.Node;
using Coord.Simulation.Clients;
using Coord.Simulation.Disk;
using Coord.Simulation.Faults;

namespace Coord.Simulation.Runs;

/// <summary>
/// What kind of run a seed is: nodes, sizes, workload, and which faults there are and how strong (raft-design T2). All
/// of it is drawn whether it is used or not, so that taking a fault away leaves the rest as it was (T8).
/// </summary>
internal sealed record RunShape
{
    // Two clocks that are off by so much to either side differ by a tenth: what a lease bears (raft-design Q10).
    private const double LeaseDriftMax = 0.05;

    public required int Nodes { get; init; }

    /// <summary>Nodes outside the founding set, that may be let in.</summary>
    public required int Spares { get; init; }

    public required int Clients { get; init; }

    public required FaultSet Faults { get; init; }

    /// <summary>Virtual time with faults, in microseconds; longer where clients have done too little by then.</summary>
    public required long FaultTime { get; init; }

    /// <summary>Healing begins with a quorum, and the others stay broken for a while (raft-design T7).</summary>
    public required bool HealsQuorumFirst { get; init; }

    public required WorkloadMix Workload { get; init; }

    public required NodeLimits Limits { get; init; }

    public required double LossChance { get; init; }

    public required double DuplicateChance { get; init; }

    /// <summary>Shortest time on the wire, and the spread above it, in microseconds.</summary>
    public required int DelayMin { get; init; }

    public required int DelaySpread { get; init; }

    public required double SlowMessageChance { get; init; }

    public required double TransferCutChance { get; init; }

    public required int FlushMin { get; init; }

    public required int FlushSpread { get; init; }

    public required double SlowFlushChance { get; init; }

    /// <summary>Longest flush, in microseconds.</summary>
    public required int SlowFlushMax { get; init; }

    /// <summary>Clocks run up to this part too fast or too slow.</summary>
    public required double ClockDrift { get; init; }

    /// <summary>Mean time between two faults of each kind, in microseconds.</summary>
    public required IReadOnlyList<long> Rhythm { get; init; }

    public static RunShape Draw(SeededRandom random, int? nodes)
    {
        var shape = DrawAny(random, nodes);
        return shape.ClockDrift > LeaseDriftMax
            ? shape with { Limits = shape.Limits with { LeaderLeases = false } }
            : shape;
    }

    private static RunShape DrawAny(SeededRandom random, int? nodes)
    {
        var drawn = random.Below(20) switch
        {
            < 2 => 1,
            2 => 2,
            < 12 => 3,
            12 => 4,
            < 17 => 5,
            17 => 6,
            _ => 7,
        };
        return new RunShape
        {
            Nodes = nodes ?? drawn,
            Spares = random.Between(1, 3),
            Clients = random.Between(2, 6),
            Faults = FaultSet.Draw(random.Fork()),
            FaultTime = random.Between(20, 32) * 1_000_000L,
            HealsQuorumFirst = random.Chance(0.5),
            Workload = WorkloadMix.Draw(random.Fork()),
            Limits = RunLimits.DrawNode(random.Fork()),
            LossChance = random.Fraction() * (random.Chance(0.2) ? 0.3 : 0.1),
            DuplicateChance = random.Fraction() * (random.Chance(0.2) ? 0.5 : 0.2),
            DelayMin = random.Between(20, 500),
            DelaySpread = random.Chance(0.3) ? random.Between(1_000, 30_000) : random.Between(50, 1_000),
            SlowMessageChance = random.Fraction() * 0.02,
            TransferCutChance = random.Fraction() * 0.1,
            FlushMin = random.Between(50, 500),
            FlushSpread = random.Chance(0.3) ? random.Between(1_000, 40_000) : random.Between(50, 1_000),
            SlowFlushChance = random.Fraction() * 0.004,
            SlowFlushMax = random.Between(100, 4_000) * 1_000,
            ClockDrift = random.Fraction() * (random.Chance(0.3) ? 0.2 : 0.02),
            Rhythm = FaultSet.Kinds.Select(_ => random.Between(600, 5_000) * 1_000L).ToArray(),
        };
    }

    public bool Has(FaultKind kind) => Faults.Has(kind);

    /// <summary>All nodes, members or not.</summary>
    public int NodesInAll => Nodes + (Has(FaultKind.Changes) ? Spares : 0);

    public long Every(FaultKind kind) => Rhythm[(int)kind];

    /// <summary>One line for a failure: what the run was made of.</summary>
    public string Describe() =>
        $"{Nodes} nodes{(Has(FaultKind.Changes) ? $" and {Spares} that may join" : "")}, {Clients} clients, "
        + $"{FaultTime / 1_000_000.0:F1} s of faults: {Faults}";
}
