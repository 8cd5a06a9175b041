using System.Security.Cryptography;
using Coord.Node.Admin;
using Coord.Node.Audit;
using Coord.Node.Clients;
using Coord.Node.Metrics;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Node.Storage;
using Coord.Raft;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Hosting;

/// <summary>
/// The replica with its threads: loop, log writer and background work. Disposing ends them in that order.
/// </summary>
internal sealed class RunningReplica : IDisposable
{
    private const int PasswordBytes = 16;

    // What an entry holds besides the client's frame: its header and the identities of the connection.
    private const int EntryRoomBytes = 64 * 1024;

    private readonly TaskCompletionSource<Action<DataDirectory>> anew =
        new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ReplicaQueue queue;
    private readonly ReplicaThread loop;
    private readonly ReplicaBackground background;
    private readonly LogWriter log;
    private readonly LogThreads logThreads;
    private readonly Thread loopThread;
    private readonly Thread backgroundThread;
    private readonly Scrubber scrubber;
    private readonly Thread scrubberThread;
    private readonly ManualResetEventSlim stopScrubber = new(false);

    /// <summary>The snapshots on disk.</summary>
    public SnapshotStore Snapshots { get; }

    /// <summary>Recovers, and starts everything.</summary>
    /// <exception cref="DataUnusableException">The data directory cannot be trusted.</exception>
    public RunningReplica(
        NodeSettings settings, DataDirectory directory, PeerLinks links, ReplicaQueue queue, StatusCell status,
        NodeMetrics metrics, AuditLog? audit, ILoggerFactory loggers)
    {
        this.queue = queue;
        var limits = settings.Limits;
        var seed = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        var recovery = NodeRecovery.Read(
            directory, settings, seed, metrics.Replica, loggers.CreateLogger("Coord.Node"));
        var atStart = NodeStatus.Starting with
        {
            Membership = MembershipStatus.Founding(directory.Identity.Genesis),
            RecoveringBecause = directory.RecoveringBecause,
        };
        Snapshots = recovery.Snapshots;
        if (recovery.HasLostSnapshot)
            queue.Post(new SnapshotWanted());
        var reports = new LogReports(queue);
        log = new LogWriter(
            new LinuxFileSystem(), recovery.Log, directory.Watermark, limits, TimeProvider.System, reports)
        {
            Metrics = metrics.Replica,
        };
        var damage = new DamageReports(
            recovery.Log.Log, recovery.Snapshots, queue, TimeProvider.System, loggers.CreateLogger("Coord.Node"));
        background = new ReplicaBackground(
            log, recovery.Snapshots, queue, damage, limits, seed, directory.ClearRecovering, directory.MarkRemoved);
        scrubber = new Scrubber(
            new LinuxFileSystem(), recovery.Log.Log, recovery.Snapshots, limits, TimeProvider.System, damage);
        var replica = new Replica.Replica(
            new ReplicaServices
            {
                Time = TimeProvider.System,
                Limits = limits,
                RaftSettings = SettingsOf(limits),
                Log = new ReplicaLog(log),
                Links = links,
                Background = background,
                Sends = new PoolSends(queue),
                Logger = loggers.CreateLogger("Coord.Node"),
                Metrics = metrics,
                Audit = audit,
                Access = settings.Access with { SuperDigest = settings.SuperUser?.Digest },
                Damaged = what => anew.TrySetResult(files => files.MarkRecovering(what)),
                StartOutdone = latest => anew.TrySetResult(files => files.RaiseStartNumber(latest)),
                NewPassword = () => RandomNumberGenerator.GetBytes(PasswordBytes),
                Publish = picture => status.Current = picture with { Scrub = damage.Status },
            },
            recovery.Start);
        reports.Bind(replica.AfterPersist, log);
        loop = new ReplicaThread(replica, queue, limits, metrics.Replica.Turn);
        logThreads = new LogThreads(log, failure => NodeFailure.Stop("log writer", failure));
        logThreads.Start();
        backgroundThread = NodeThread.Start("background", RunBackground);
        var transfers = new SnapshotTransfers(
            recovery.Snapshots, links.Dialer, queue, limits, loggers.CreateLogger("Coord.Node"));
        links.Begin(queue, new PublishedView(() => status.Current, atStart), transfers);
        queue.LetBringersTurn(loop.RunTurnForBringer, limits.TurnsInRowMax);
        loopThread = NodeThread.Start("replica", loop.Run);
        scrubberThread = NodeThread.Start("scrubber", Scrub);
    }

    /// <summary>
    /// Completes when the node must begin again, with what is to be noted on disk before: that files turned out to be
    /// damaged (raft-design P22), or which start number was given before (I9).
    /// </summary>
    public Task<Action<DataDirectory>> MustBeginAnew => anew.Task;

    /// <summary>Hands leadership over, answers what is under way, closes the clients' connections.</summary>
    public Task StopServingAsync()
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        queue.Post(new StopRequested(stopped));
        return stopped.Task;
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
        EntryBytesMax = limits.ClientFrameBytesCeiling + EntryRoomBytes,
        LogWindowBytesMax = limits.LogWindowBytes,
        CommittedEntriesMax = limits.TurnAppliesMax,
        BarriersMax = limits.PendingBarriersMax,
        UseLease = limits.LeaderLeases,
        FeatureLevelMax = FeatureLevels.Max,

        // The rest of the log's reserve is for terms and votes (raft-design P40).
        StorageSpareBytes = limits.FirstSegmentBytes / 2,
    };

    public void Dispose()
    {
        loop.Stop();
        loopThread.Join();
        background.Stop();
        backgroundThread.Join();
        stopScrubber.Set();
        scrubberThread.Join();
        scrubber.Dispose();
        stopScrubber.Dispose();
        background.Dispose();
        logThreads.Dispose();
        log.Dispose();
    }

    private void RunBackground()
    {
        while (background.Wait())
            background.RunOnce();
    }

    private void Scrub()
    {
        while (!stopScrubber.Wait(scrubber.RunOnce()))
        {
            // Each round is one step.
        }
    }
}
