using Coord.Node.Peers;

namespace Coord.Node.Storage;

/// <summary>A complete snapshot on disk.</summary>
/// <param name="Id">The last entry it contains.</param>
/// <param name="Length">Bytes of the file.</param>
/// <param name="Hash">First half of the hash in its footer: equal files have equal hashes (raft-design S6).</param>
internal sealed record SnapshotFile(SnapshotId Id, long Length, UInt128 Hash);
