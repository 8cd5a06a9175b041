namespace Coord.Simulation.Runs;

/// <summary>What one seed did; two runs of a seed give equal hashes (raft-design T12).</summary>
internal sealed record RunReport(ulong Seed, ulong TraceHash, RunCounters Counters, long Events, int Operations);
