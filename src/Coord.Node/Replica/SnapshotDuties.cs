using System.Buffers;
using Coord.Node.Metrics;
using Coord.Node.Peers;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Replica;

/// <summary>
/// Takes snapshots a step per turn, so that no request waits for one, and installs received ones (raft-design
/// section 10).
/// </summary>
internal sealed class SnapshotDuties(
    IReplicaLog log,
    IReplicaBackground background,
    IPeerLinks links,
    NodeLimits limits,
    SnapshotId newest,
    long newestBytes,
    ulong seed,
    ReplicaMetrics metrics)
{
    private const int PartsWaitingMax = 4;

    // raft-design S4: the nodes of a cluster apply the same entries, and should not all write a snapshot at once.
    private const double JitterMax = 0.25;

    private readonly double jitter = (seed >> 11) * (1.0 / (1UL << 53));

    // Used again in turns: a new one for each part would be as many bytes for the collector as the snapshot has.
    // Parts are written in order, so when one may be made, the one that had this buffer before is written.
    private readonly ArrayBufferWriter<byte>?[] buffers = new ArrayBufferWriter<byte>?[PartsWaitingMax + 1];

    private SnapshotCursor? cursor;
    private SnapshotId current;
    private SnapshotId installing;
    private bool isWriting;
    private bool isWanted;
    private bool isTight;
    private long nowMs;
    private long begunAtMs;
    private long retryAtMs;
    private double nextPartMs;
    private int nextBuffer;
    private long bytesAtSnapshot;
    private long snapshotBytes = newestBytes;
    private SnapshotId marked = newest;

    /// <summary>
    /// A received snapshot is being built into a tree: nothing is applied meanwhile (raft-design S9).
    /// </summary>
    public bool IsInstalling { get; private set; }

    /// <summary>When the newest snapshot of this process was completed, in Unix milliseconds; 0 for none.</summary>
    public long WrittenAtMs { get; private set; }

    /// <summary>Size of the newest snapshot file, 0 for none.</summary>
    public long SnapshotBytes => snapshotBytes;

    /// <summary>True while a snapshot can go on without waiting for an input.</summary>
    public bool HasWork => CanWrite;

    // raft-design S4: small parts, and no more of them than the rate allows; the next tick comes soon.
    private bool CanWrite =>
        cursor is not null && background.SnapshotPartsWaiting < PartsWaitingMax && nextPartMs <= nowMs;

    /// <summary>Begins a snapshot when enough log has gathered, or goes on with the one under way.</summary>
    public void Step(ZnodeTree tree, Term appliedTerm, long turnMs)
    {
        nowMs = turnMs;
        MakeRoom();
        if (cursor is null && !isWriting && !IsInstalling && IsDue(tree))
            Begin(tree, appliedTerm);
        if (!CanWrite)
            return;
        var part = NextBuffer();
        var isLast = !cursor!.WriteNext(part, limits.SnapshotStepZnodes);
        background.WriteSnapshot(current, part.WrittenMemory, isLast);
        var earliest = nowMs - limits.ReplicaTick.TotalMilliseconds;
        nextPartMs = Math.Max(nextPartMs, earliest) + (part.WrittenCount * 1000.0 / limits.SnapshotBytesPerSecond);
        if (!isLast)
            return;
        cursor = null;
        Array.Clear(buffers);
    }

    /// <summary>A snapshot was lost: take a new one as soon as possible.</summary>
    public void WantOne() => isWanted = true;

    /// <summary>There was no room for the snapshot: tried again later (raft-design P40).</summary>
    public void Failed(SnapshotId snapshot)
    {
        if (snapshot != current || !isWriting)
            return;
        cursor?.Dispose();
        cursor = null;
        isWriting = false;
        isWanted = true;
        retryAtMs = nowMs + (long)limits.SnapshotRetry.TotalMilliseconds;
    }

    /// <summary>The file is durable: mark it in the log, and only then tell the core (raft-design S3).</summary>
    public void Written(SnapshotWritten written, long wallClockMs)
    {
        // Overtaken by an installed one, whose mark dropped the log that this one stands for.
        if (written.Snapshot != current || !isWriting)
            return;
        metrics.SnapshotsWritten.Add();
        metrics.Snapshot.Record(TimeSpan.FromMilliseconds(nowMs - begunAtMs));
        snapshotBytes = written.FileBytes;
        WrittenAtMs = wallClockMs;
        log.MarkSnapshot(written.Snapshot.Index, written.Snapshot.Term, isReset: false);
    }

    /// <summary>The mark is durable. Gives the input for the core.</summary>
    public RaftInput Marked(SnapshotId snapshot, Membership membership, int featureLevel)
    {
        marked = snapshot;
        background.ReleaseOlder(snapshot);
        if (IsInstalling && snapshot == installing)
        {
            IsInstalling = false;
            return new SnapshotInstalled(snapshot.Index, snapshot.Term, Success: true, membership, featureLevel);
        }

        isWriting = false;
        return new SnapshotReady(snapshot.Index, snapshot.Term);
    }

    public void Send(SendSnapshot request)
    {
        metrics.SnapshotsSent.Add();
        links.SendSnapshot(request.Peer, new SnapshotId(request.Index, request.Term), request.LeaderTerm);
    }

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

    private ArrayBufferWriter<byte> NextBuffer()
    {
        nextBuffer = (nextBuffer + 1) % buffers.Length;
        var buffer = buffers[nextBuffer] ??= SnapshotCursor.NewChunk();
        buffer.ResetWrittenCount();
        return buffer;
    }

    // raft-design P40: what the newest snapshot makes superfluous goes at once when the disk is full.
    private void MakeRoom()
    {
        if (log.IsDiskFull && !isTight)
            background.ReleaseOlder(marked);
        isTight = log.IsDiskFull;
    }

    private bool IsDue(ZnodeTree tree)
    {
        if (nowMs < retryAtMs)
            return false;
        if (isWanted && tree.AppliedIndex > 0)
            return true;
        var appended = log.BytesAppended - bytesAtSnapshot;
        if (isTight)
            return appended > limits.SegmentBytes / 2;
        var enough = Math.Max(limits.SnapshotTriggerBytes, limits.SnapshotTriggerFactor * snapshotBytes);
        return appended > enough + (long)(enough * JitterMax * jitter);
    }

    private void Begin(ZnodeTree tree, Term appliedTerm)
    {
        bytesAtSnapshot = log.BytesAppended;
        begunAtMs = nowMs;
        isWriting = true;
        isWanted = false;
        current = new SnapshotId(new LogIndex(tree.AppliedIndex), appliedTerm);
        cursor = tree.BeginSnapshot();
    }
}
