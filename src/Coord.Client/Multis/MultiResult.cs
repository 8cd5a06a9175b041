using Coord.Protocol;

namespace Coord.Client;

/// <summary>What one operation of a committed multi brought.</summary>
/// <param name="Operation">Kind of the operation.</param>
/// <param name="Path">Its path, without chroot; for creates the final one.</param>
/// <param name="Stat">
/// Metadata after a set; after a create where the server sends it (ZooKeeper since 3.9, Coord), null otherwise.
/// </param>
public sealed record MultiResult(OpCode Operation, string Path, Stat? Stat);
