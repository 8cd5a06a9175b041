using Coord.Node.Peers;
using Coord.Node.Storage;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>Builds a tree from a snapshot file.</summary>
internal static class SnapshotLoading
{
    /// <summary>The tree, or null when the file is damaged: its chunks, its footer or the content hash in it.</summary>
    public static ZnodeTree? TryLoad(SnapshotStore snapshots, SnapshotId id, ulong indexSeed)
    {
        try
        {
            using var reader = snapshots.OpenReader(id);
            var loader = new SnapshotLoader(indexSeed);
            while (reader.TryReadChunk(out var chunk))
            {
                if (!loader.Add(chunk))
                    return null;
            }

            return loader.Complete();
        }
        catch (DataUnusableException)
        {
            return null;
        }
    }
}
