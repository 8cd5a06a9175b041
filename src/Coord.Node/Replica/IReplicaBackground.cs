using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>
/// Work on files that the loop orders and never waits for. Each order is answered by exactly one input,
/// but where it says otherwise.
/// </summary>
internal interface IReplicaBackground
{
    /// <summary>
    /// Reads entries that memory no longer holds. Answered by <see cref="EntriesRead"/>, or by
    /// <see cref="LogDamaged"/>.
    /// </summary>
    void ReadEntries(FetchEntries request);

    /// <summary>Takes the next part of the snapshot being written; the first part begins it.</summary>
    /// <param name="snapshot">Names the snapshot.</param>
    /// <param name="part">Bytes of the tree's snapshot stream; owned by the receiver from now on.</param>
    /// <param name="isLast">
    /// Completes the file. Answered by <see cref="SnapshotWritten"/>; a snapshot for which there is no room is answered
    /// by <see cref="SnapshotFailed"/>, at once, and the rest of its parts is ignored.
    /// </param>
    void WriteSnapshot(SnapshotId snapshot, ReadOnlyMemory<byte> part, bool isLast);

    /// <summary>
    /// Parts of the snapshot that wait to be written: the loop makes no more while there are several.
    /// </summary>
    int SnapshotPartsWaiting { get; }

    /// <summary>Builds a tree from a received snapshot. Answered by <see cref="SnapshotLoaded"/>.</summary>
    void LoadSnapshot(InstallSnapshot install);

    /// <summary>
    /// A newer snapshot is marked in the log, or the disk is full: what is older than this snapshot may go (raft-design
    /// S3, S5, P40).
    /// </summary>
    void ReleaseOlder(SnapshotId snapshot);

    /// <summary>
    /// This node counts again: its flag on disk goes (raft-design P30). Answered by <see cref="RecoveryCleared"/>.
    /// </summary>
    void ClearRecovering();

    /// <summary>
    /// This node is no member any more: it is not to start again on its data (design.md section 10). Null: it is one
    /// now, whatever it was before. Not answered.
    /// </summary>
    void MarkRemoved(string? why);
}
