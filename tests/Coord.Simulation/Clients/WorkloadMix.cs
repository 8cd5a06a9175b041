using Coord.Simulation.Disk;

namespace Coord.Simulation.Clients;

/// <summary>How often clients do what: weights, drawn with the shape of the run (raft-design T2).</summary>
internal sealed record WorkloadMix
{
    public required int Sets { get; init; }

    public required int Gets { get; init; }

    public required int SyncedGets { get; init; }

    /// <summary>Creations and deletions of znodes that one client owns, ephemeral or not.</summary>
    public required int Owned { get; init; }

    /// <summary>Sequential znodes below one parent, created and deleted by all.</summary>
    public required int Sequentials { get; init; }

    public required int Multis { get; init; }

    /// <summary>Containers, and znodes with a time to live, which the leader sweeps.</summary>
    public required int Swept { get; init; }

    /// <summary>Part of the reads that leave a watch, in percent.</summary>
    public required int WatchPercent { get; init; }

    /// <summary>Longest value, in bytes; values below it are drawn evenly.</summary>
    public required int ValueBytesMax { get; init; }

    /// <summary>Longest pause of a client between two requests, in microseconds.</summary>
    public required int ThinkTimeMax { get; init; }

    /// <summary>How long a client waits for an answer before it tries another node, in microseconds.</summary>
    public required int Patience { get; init; }

    public static WorkloadMix Draw(SeededRandom random) => new()
    {
        Sets = random.Between(2, 12),
        Gets = random.Between(0, 6),
        SyncedGets = random.Between(1, 8),
        Owned = random.Between(0, 6),
        Sequentials = random.Chance(0.5) ? random.Between(1, 6) : 0,
        Multis = random.Chance(0.5) ? random.Between(1, 6) : 0,
        WatchPercent = random.Chance(0.6) ? random.Between(5, 60) : 0,
        ValueBytesMax = random.Chance(0.3) ? random.Between(200, 3_000) : 20,
        ThinkTimeMax = random.Chance(0.3) ? random.Between(10_000, 60_000) : random.Between(60_000, 250_000),
        Patience = random.Between(800, 4_000) * 1_000,
        Swept = random.Chance(0.5) ? random.Between(1, 4) : 0,
    };
}
