using System.Diagnostics;
using Coord.Node.Members;
using Coord.Node.Metrics;
using Coord.Node.Replica;
using Coord.Node.Storage;
using Coord.Raft;
using Coord.StateMachine;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Hosting;

/// <summary>
/// What the data directory gives to a starting replica: the log, and the newest snapshot that can be read.
/// </summary>
internal sealed record NodeRecovery(RecoveredLog Log, SnapshotStore Snapshots, ReplicaStart Start)
{
    /// <summary>True when a snapshot could not be read: a new one is to take its place (raft-design S12).</summary>
    public bool HasLostSnapshot { get; private init; }

    /// <summary>Reads log and snapshots.</summary>
    /// <exception cref="DataUnusableException">The log is another node's, or a newer version's.</exception>
    public static NodeRecovery Read(
        DataDirectory directory, NodeSettings settings, ulong seed, ReplicaMetrics metrics, ILogger logger)
    {
        var begun = Stopwatch.GetTimestamp();
        var log = ReadLog(directory, fromSnapshot: true, logger);
        metrics.LogLoad.Record(Stopwatch.GetElapsedTime(begun));
        var snapshots = directory.OpenSnapshots();
        var found = snapshots.List().Count;
        var loading = Stopwatch.GetTimestamp();
        var (tree, snapshot) = LoadSnapshot(ref log, directory, snapshots, seed, logger);
        if (snapshot is not null)
            metrics.SnapshotLoad.Record(Stopwatch.GetElapsedTime(loading));
        metrics.LoadedEntries.Record(Math.Max(0, log.LastIndex.Value - (snapshot?.Id.Index.Value ?? 0)));
        metrics.Recovery.Record(Stopwatch.GetElapsedTime(begun));
        log.Log.SnapshotIndex = snapshot?.Id.Index ?? default;
        HostLog.Recovered(
            logger, log.FirstIndex.Value, log.LastIndex.Value, snapshot?.Id.Index.Value ?? 0, tree.ZnodeCount,
            log.CutBytes);
        var snapshotIndex = snapshot?.Id.Index ?? default;
        var start = new ReplicaStart
        {
            Tree = tree,
            ProcessStart = directory.StartNumber,
            Incarnation = directory.Identity.Incarnation,
            RecoveringBecause = directory.RecoveringBecause,
            SnapshotBytes = snapshot?.Length ?? 0,
            Raft = new RaftStart
            {
                Id = settings.Id,
                // That of the genesis, or of the snapshot: cluster.json gives addresses only (raft-design M14, BM5).
                Membership = TreeMembership.Of(tree),
                FeatureLevel = tree.FeatureLevel,
                MembershipEntries = [.. log.MembershipEntries.Where(entry => entry.Index > snapshotIndex)],
                IsRecovering = directory.RecoveringBecause is not null,
                ProcessStart = directory.StartNumber,
                Seed = seed,
                HardState = log.HardState,
                SnapshotIndex = snapshotIndex,
                SnapshotTerm = snapshot?.Id.Term ?? default,
                TermRuns = log.TermRuns,
                LastIndex = LogIndex.Max(log.LastIndex, snapshotIndex),
                // What one message to a follower holds. The rest is read when it is applied, or turns out to be
                // lacking somewhere.
                Entries = log.ReadRecentEntries(settings.Limits.AppendBytesMax, snapshotIndex.Next),
            },
        };
        return new NodeRecovery(log, snapshots, start) { HasLostSnapshot = snapshots.List().Count < found };
    }

    private static RecoveredLog ReadLog(DataDirectory directory, bool fromSnapshot, ILogger logger)
    {
        var log = directory.RecoverLog(fromSnapshot);
        if (log.Damage is { } damage)
            HostLog.Damaged(logger, damage);
        foreach (var segment in log.DroppedSegments)
            HostLog.SegmentDropped(logger, segment);
        return log;
    }

    /// <summary>
    /// The newest usable snapshot; else the one before and a longer replay; else recovering (raft-design S12).
    /// </summary>
    private static (ZnodeTree Tree, SnapshotFile? Snapshot) LoadSnapshot(
        ref RecoveredLog log, DataDirectory directory, SnapshotStore snapshots, ulong seed, ILogger logger)
    {
        if (TryLoadSnapshot(log, snapshots, seed, logger) is { } newest)
            return newest;
        if (log.SegmentsUnread > 0)
        {
            log = ReadLog(directory, fromSnapshot: false, logger);
            if (TryLoadSnapshot(log, snapshots, seed, logger) is { } older)
                return older;
        }

        if (log.FirstIndex.Value > 1)
        {
            log = directory.DiscardLog(
                $"{log.Log.Directory}: the log begins at {log.FirstIndex} and no snapshot before it can be read");
            HostLog.Damaged(logger, log.Damage!);
        }

        return (Founding.TreeOf(directory.Identity.Genesis, seed), null);
    }

    private static (ZnodeTree Tree, SnapshotFile Snapshot)? TryLoadSnapshot(
        RecoveredLog log, SnapshotStore snapshots, ulong seed, ILogger logger)
    {
        foreach (var snapshot in snapshots.ListUsable(log.Mark, log.FirstIndex))
        {
            if (SnapshotLoading.TryLoad(snapshots, snapshot.Id, seed) is { } tree)
                return (tree, snapshot);
            HostLog.SnapshotUnreadable(logger, snapshot.Id.Index.Value);
            snapshots.Discard(snapshot.Id);
        }

        return null;
    }
}
