using Coord.Protocol;

namespace Coord.Client;

/// <summary>A znode as read.</summary>
/// <param name="Path">Its path, without chroot.</param>
/// <param name="Bytes">Its bytes; empty for none. They belong to the caller.</param>
/// <param name="Stat">Its metadata at the same moment.</param>
public sealed record Znode(string Path, ReadOnlyMemory<byte> Bytes, Stat Stat);
