using Coord.Simulation.Disk;

namespace Coord.Simulation.Runs;

/// <summary>
/// What kind of run a seed is: sizes, workload, and which faults there are and how strong. A random subset of the
/// faults finds more than all at once (raft-design T2).
/// </summary>
internal sealed record RunShape
{
    public required int Nodes { get; init; }

    public required int Clients { get; init; }

    /// <summary>Virtual time with faults, in microseconds.</summary>
    public required long FaultTime { get; init; }

    public required double LossChance { get; init; }

    public required double DuplicateChance { get; init; }

    /// <summary>Messages of one link may overtake each other.</summary>
    public required bool CanReorder { get; init; }

    /// <summary>Shortest time on the wire, and the spread above it, in microseconds.</summary>
    public required int DelayMin { get; init; }

    public required int DelaySpread { get; init; }

    /// <summary>One message in so many takes up to a hundred times as long.</summary>
    public required double SlowMessageChance { get; init; }

    public required int FlushMin { get; init; }

    public required int FlushSpread { get; init; }

    /// <summary>Chance of a flush that takes up to two seconds.</summary>
    public required double SlowFlushChance { get; init; }

    /// <summary>Mean time between faults of each kind in microseconds; zero: none of that kind.</summary>
    public required long CrashEvery { get; init; }

    public required long PartitionEvery { get; init; }

    public required long PauseEvery { get; init; }

    public required long ClockJumpEvery { get; init; }

    public required double ClockDrift { get; init; }

    /// <summary>Mean time between clients that fall silent for a while, so that sessions expire.</summary>
    public required long SilenceEvery { get; init; }

    /// <summary>Small logs, windows and snapshots, so that installing snapshots is common.</summary>
    public required bool HasSmallLog { get; init; }

    public static RunShape Draw(SeededRandom random, int nodes) => new()
    {
        Nodes = nodes,
        Clients = random.Between(2, 6),
        FaultTime = random.Between(8, 30) * 1_000_000L,
        LossChance = random.Chance(0.5) ? random.Fraction() * 0.1 : 0,
        DuplicateChance = random.Chance(0.4) ? random.Fraction() * 0.2 : 0,
        CanReorder = random.Chance(0.5),
        DelayMin = random.Between(20, 500),
        DelaySpread = random.Chance(0.3) ? random.Between(1_000, 30_000) : random.Between(50, 1_000),
        SlowMessageChance = random.Chance(0.3) ? 0.005 : 0,
        FlushMin = random.Between(50, 500),
        FlushSpread = random.Chance(0.3) ? random.Between(1_000, 40_000) : random.Between(50, 1_000),
        SlowFlushChance = random.Chance(0.2) ? 0.002 : 0,
        CrashEvery = random.Chance(0.75) ? random.Between(700, 4_000) * 1_000L : 0,
        PartitionEvery = random.Chance(0.6) ? random.Between(700, 4_000) * 1_000L : 0,
        PauseEvery = random.Chance(0.4) ? random.Between(1_000, 4_000) * 1_000L : 0,
        ClockJumpEvery = random.Chance(0.3) ? random.Between(500, 3_000) * 1_000L : 0,
        ClockDrift = random.Chance(0.5) ? random.Fraction() * 0.02 : 0,
        SilenceEvery = random.Chance(0.5) ? random.Between(1_000, 6_000) * 1_000L : 0,
        HasSmallLog = random.Chance(0.5),
    };
}
