using Coord.Node;
using Coord.Raft;
using Coord.Simulation.Disk;

namespace Coord.Simulation.Runs;

/// <summary>
/// Sizes and windows of a run's nodes, small on purpose: with a node's own limits no segment would ever fill and no
/// window ever close (raft-design T2).
/// </summary>
internal static class RunLimits
{
    public static NodeLimits DrawNode(SeededRandom random)
    {
        var hasSmallLog = random.Chance(0.6);
        var hasSmallWindows = random.Chance(0.4);
        var windowBytes = hasSmallLog ? random.Between(1_000, 6_000) : 1 << 20;
        return NodeLimits.Default with
        {
            TickTime = TimeSpan.FromMilliseconds(1_000),
            SessionTimeoutMin = TimeSpan.FromMilliseconds(2_000),
            SegmentBytes = random.Between(6, 16) * 8 * 1024,
            FirstSegmentBytes = random.Between(2, 4) * 8 * 1024,
            LogBatchBytesMax = random.Chance(0.3) ? random.Between(500, 4_000) : 64 * 1024,
            ZeroFillStepBytes = 16 * 1024,
            BackgroundFlushBytes = 16 * 1024,
            LogScanBytes = 16 * 1024,
            LogReadBytes = 4 * 1024,
            LogWindowBytes = windowBytes,
            LogKeptBytes = hasSmallLog ? 0 : 96 * 1024,
            SnapshotTriggerBytes = hasSmallLog ? random.Between(2, 12) * 1024 : 256 * 1024,
            SnapshotTriggerFactor = random.Between(1, 3),
            SnapshotStepZnodes = random.Between(1, 12),
            SnapshotChunkBytes = random.Between(500, 3_000),
            SnapshotChunksInFlightMax = random.Between(1, 4),
            AppendBytesMax = hasSmallLog ? random.Between(100, 2_000) : 1 << 20,
            InFlightMessagesMax = random.Between(4, 12),
            InFlightBytesMax = hasSmallWindows ? random.Between(500, 5_000) : 8 << 20,
            UncommittedEntriesMax = hasSmallWindows ? random.Between(24, 100) : 65_536,
            UncommittedBytesMax = hasSmallWindows ? random.Between(10_000, 60_000) : 64L << 20,
            OriginWindowEntriesMax = hasSmallWindows ? random.Between(2, 20) : 65_536,
            OriginWindowBytesMax = hasSmallWindows ? random.Between(4_000, 20_000) : 32L << 20,
            TurnAppliesMax = random.Chance(0.3) ? random.Between(1, 10) : 8_192,
            EventSendsUnderWayMax = hasSmallWindows ? 2 : 128,
            PendingBarriersMax = hasSmallWindows ? random.Between(4, 50) : 65_536,
            MembershipChangeTimeout = TimeSpan.FromSeconds(10),
            LearnerPatience = TimeSpan.FromSeconds(5),
            ScrubInterval = TimeSpan.FromSeconds(1),
            ScrubStepBytes = 16 * 1024,
            ForwardRetry = TimeSpan.FromMilliseconds(random.Between(200, 1_000)),
            StopTimeout = TimeSpan.FromSeconds(random.Between(1, 5)),
            LeaderLeases = random.Chance(0.3),
            SweepInterval = TimeSpan.FromMilliseconds(random.Between(10, 1_000)),
            SweepsPerMinuteMax = random.Between(12_000, 60_000),
            SweepLooksPerTickMax = random.Between(5, 20),
            ContainerNeverUsedMax = TimeSpan.FromMilliseconds(random.Chance(0.5) ? random.Between(1, 500) : 0),
        };
    }

    /// <summary>What a node makes of its limits for the core.</summary>
    public static RaftSettings SettingsOf(NodeLimits limits) => new()
    {
        HeartbeatTicks = limits.HeartbeatTicks,
        ElectionTicks = limits.ElectionTicks,
        AppendBytesMax = limits.AppendBytesMax,
        InFlightMessagesMax = limits.InFlightMessagesMax,
        InFlightBytesMax = limits.InFlightBytesMax,
        UncommittedBytesMax = limits.UncommittedBytesMax,
        UncommittedEntriesMax = limits.UncommittedEntriesMax,
        LogWindowBytesMax = limits.LogWindowBytes,
        LogWindowSpareBytes = limits.LogWindowBytes / 8,
        CommittedEntriesMax = limits.TurnAppliesMax,
        BarriersMax = limits.PendingBarriersMax,
        UseLease = limits.LeaderLeases,
        StorageSpareBytes = limits.FirstSegmentBytes / 2,
    };
}
