namespace Coord.Raft.Tests;


/// <summary>
/// A snapshot of a test node's state: where it was taken, the hash of everything applied, membership and level there.
/// </summary>
internal sealed record TestSnapshot(
    LogIndex Index, Term Term, ulong StateHash, Membership Membership, int FeatureLevel);
