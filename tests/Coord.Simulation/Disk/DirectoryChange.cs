namespace Coord.Simulation.Disk;

/// <summary>A creation (no source), a deletion (no target) or a rename, not yet durable.</summary>
internal sealed record DirectoryChange(string Directory, string? From, string? To, SimulatedInode File);
