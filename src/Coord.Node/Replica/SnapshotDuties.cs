using System.Buffers;
using Coord.Node.Peers;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// Takes snapshots a step per turn, so that no request waits for one, and installs received ones (raft-design
/// section 10).
/// </summary>
internal sealed class SnapshotDuties(
    IReplicaLog log, IReplicaBackground background, IPeerLinks links, NodeLimits limits, long lastSnapshotBytes)
{
    private const int PartsWaitingMax = 4;

    private SnapshotCursor? cursor;
    private SnapshotId current;
    private SnapshotId installing;
    private bool isWriting;
    private long bytesAtSnapshot;
    private long snapshotBytes = lastSnapshotBytes;

    /// <summary>
    /// A received snapshot is being built into a tree: nothing is applied meanwhile (raft-design S9).
    /// </summary>
    public bool IsInstalling { get; private set; }

    /// <summary>When the newest snapshot of this process was completed, in Unix milliseconds; 0 for none.</summary>
    public long WrittenAtMs { get; private set; }

    /// <summary>True while a snapshot can go on without waiting for an input.</summary>
    public bool HasWork => cursor is not null && background.SnapshotPartsWaiting < PartsWaitingMax;

    /// <summary>Begins a snapshot when enough log has gathered, or goes on with the one under way.</summary>
    public void Step(ZnodeTree tree, Term appliedTerm)
    {
        if (cursor is null && !isWriting && !IsInstalling && IsDue())
            Begin(tree, appliedTerm);
        if (cursor is null || background.SnapshotPartsWaiting >= PartsWaitingMax)
            return;
        var part = new ArrayBufferWriter<byte>();
        var isLast = !cursor.WriteNext(part, limits.SnapshotStepZnodes);
        background.WriteSnapshot(current, part.WrittenMemory, isLast);
        if (isLast)
            cursor = null;
    }

    /// <summary>The file is durable: mark it in the log, and only then tell the core (raft-design S3).</summary>
    public void Written(SnapshotWritten written, long nowMs)
    {
        // Overtaken by an installed one, whose mark dropped the log that this one stands for.
        if (written.Snapshot != current || !isWriting)
            return;
        snapshotBytes = written.FileBytes;
        WrittenAtMs = nowMs;
        log.MarkSnapshot(written.Snapshot.Index, written.Snapshot.Term, isReset: false);
    }

    /// <summary>The mark is durable. Gives the input for the core.</summary>
    public RaftInput Marked(SnapshotId snapshot, Membership membership)
    {
        background.ReleaseOlder(snapshot);
        if (IsInstalling && snapshot == installing)
        {
            IsInstalling = false;
            return new SnapshotInstalled(snapshot.Index, snapshot.Term, Success: true, membership);
        }

        isWriting = false;
        return new SnapshotReady(snapshot.Index, snapshot.Term);
    }

    public void Send(SendSnapshot request) =>
        links.SendSnapshot(request.Peer, new SnapshotId(request.Index, request.Term), request.LeaderTerm);

    /// <summary>Begins to install: the loop applies nothing until it is done.</summary>
    public void Install(InstallSnapshot install)
    {
        IsInstalling = true;
        installing = new SnapshotId(install.Index, install.Term);

        // A snapshot of the state that is about to be replaced helps nobody.
        cursor?.Dispose();
        cursor = null;
        isWriting = false;
        background.LoadSnapshot(install);
    }

    /// <summary>The tree is built: the log is reset behind it.</summary>
    public void Loaded(InstallSnapshot install) => log.MarkSnapshot(install.Index, install.Term, isReset: true);

    public void InstallFailed() => IsInstalling = false;

    private bool IsDue()
    {
        var enough = Math.Max(limits.SnapshotTriggerBytes, limits.SnapshotTriggerFactor * snapshotBytes);
        return log.BytesAppended - bytesAtSnapshot > enough;
    }

    private void Begin(ZnodeTree tree, Term appliedTerm)
    {
        bytesAtSnapshot = log.BytesAppended;
        isWriting = true;
        current = new SnapshotId(new LogIndex(tree.AppliedIndex), appliedTerm);
        cursor = tree.BeginSnapshot();
    }
}
