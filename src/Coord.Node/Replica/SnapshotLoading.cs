using Coord.Node.Peers;
using Coord.Node.Storage;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>Builds a tree from a snapshot file.</summary>
internal static class SnapshotLoading
{
    /// <summary>The tree, or null when the file is damaged: its chunks, its footer or the content hash in it.</summary>
    /// <exception cref="DataUnusableException">A newer version wrote it (raft-design I7).</exception>
    public static ZnodeTree? TryLoad(SnapshotStore snapshots, SnapshotId id, ulong indexSeed)
    {
        string? newer = null;
        try
        {
            using var reader = snapshots.OpenReader(id);
            var loader = new SnapshotLoader(indexSeed);
            while (reader.TryReadChunk(out var chunk))
            {
                if (loader.Add(chunk))
                    continue;
                newer = loader.IsNewer ? loader.Fault : null;
                break;
            }

            if (newer is null)
                return loader.Complete();
        }
        catch (DataUnusableException)
        {
            return null;
        }

        throw new DataUnusableException(
            SnapshotFormat.FileName(id), $"{newer} Start the version that wrote it, or a newer one.");
    }
}
