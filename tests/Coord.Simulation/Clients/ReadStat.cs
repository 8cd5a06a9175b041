namespace Coord.Simulation.Clients;

/// <summary>What the checks need of a znode's Stat.</summary>
internal readonly record struct ReadStat(
    long Czxid, long Mzxid, long Mtime, int Version, int Cversion, int Aversion, long Owner);
