namespace Coord.StateMachine;

/// <summary>A znode's place in the index of paths: the hash of its path, and its slot.</summary>
internal readonly record struct PathPlace(uint Hash, int Slot);
