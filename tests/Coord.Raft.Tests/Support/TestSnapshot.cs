namespace Coord.Raft.Tests;


/// <summary>A snapshot of a test node's state: where it was taken and the hash of everything applied.</summary>
internal sealed record TestSnapshot(LogIndex Index, Term Term, ulong StateHash);
