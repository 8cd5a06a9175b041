using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Coord.Node.Members;
using Coord.Node.Metrics;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Node.Storage;
using Coord.Raft;
using Coord.StateMachine;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Hosting;

/// <summary>
/// The way out when a majority is lost for good (raft-design M16): makes, from the data of one stopped node, the data
/// of a new cluster in which that node is alone. The new cluster has another id, so the old members can never mix in.
/// All that the node's log holds counts, committed or not; what only the lost nodes had is lost. Clients may have seen
/// it: their sessions end (design.md section 10).
/// </summary>
internal static class FoundAnew
{
    private const long ReadBytes = 4 << 20;

    // What clients saw of entries that only the lost nodes had lies below: no zxid stands for two of them.
    private const long IndexGap = 1L << 40;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(2);

    /// <summary>Does it; gives the exit code.</summary>
    /// <param name="settings">Of the node whose data it is; its addresses are those of the new member.</param>
    /// <param name="target">The new data directory: missing or without a cluster.</param>
    /// <exception cref="SettingsException">The target belongs to a cluster, or the data to none.</exception>
    /// <exception cref="DataUnusableException">The data cannot be read, or their node is still running.</exception>
    public static int Run(NodeSettings settings, string target)
    {
        using var loggers = NodeLoggers.Create();
        var logger = loggers.CreateLogger("Coord.Node");
        var files = new LinuxFileSystem();
        if (!Directory.Exists(settings.DataDirectory))
            throw new SettingsException($"data: {settings.DataDirectory}: no such directory; give the node's data");
        var incarnation = BinaryPrimitives.ReadUInt128LittleEndian(RandomNumberGenerator.GetBytes(16));
        var member = PeerSelf.MemberOf(settings.Self, incarnation);

        using var source = DataDirectory.Open(
            files, settings.DataDirectory, settings.Id.Value, settings.Limits, incarnation, TimeProvider.System);
        using var made = DataDirectory.Open(
            files, target, settings.Id.Value, settings.Limits, incarnation, TimeProvider.System);
        if (!source.Identity.HasCluster)
        {
            throw new SettingsException(
                $"data: {settings.DataDirectory}: the node belonged to no cluster yet; there is nothing to save");
        }
        if (made.Identity.HasCluster)
            throw new SettingsException($"--to: {target}: belongs to a cluster already; name an empty directory");

        var (tree, term) = ReadAll(source, settings, logger);
        var genesis = Genesis.Of(settings.Cluster.Name, [member with { Incarnation = made.Identity.Incarnation }]);

        // Ended in the middle, it must not begin as an empty cluster (raft-design I3): who recovers alone only waits.
        made.MarkRecovering("found-anew has not finished; delete this directory and run it again");
        made.SetGenesis(genesis.ClusterId, genesis.Members);
        var id = LeaveAlone(tree, term, genesis.Members);
        Write(files, made, settings.Limits, tree, id);
        made.ClearRecovering();
        HostLog.FoundedAnew(logger, genesis.ClusterId.ToString("x32"), target, tree.ZnodeCount, id.Index.Value);
        return ExitCodes.Stopped;
    }

    private static (ZnodeTree Tree, Term Term) ReadAll(DataDirectory source, NodeSettings settings, ILogger logger)
    {
        var recovery = NodeRecovery.Read(source, settings, seed: 0, new ReplicaMetrics(), logger);
        var tree = recovery.Start.Tree;
        var told = TimeProvider.System.GetTimestamp();
        while (tree.AppliedIndex < recovery.Log.LastIndex.Value)
        {
            var next = new LogIndex(tree.AppliedIndex).Next;
            var entries = recovery.Log.Log.ReadEntries(next, ReadBytes)
                ?? throw new DataUnusableException(settings.DataDirectory, $"the log has no entry {next}");
            foreach (var entry in entries)
                TreeEntries.Apply(tree, entry);
            if (TimeProvider.System.GetElapsedTime(told) < ProgressEvery)
                continue;
            told = TimeProvider.System.GetTimestamp();
            HostLog.ReadingLog(logger, tree.AppliedIndex, recovery.Log.LastIndex.Value);
        }

        var raft = recovery.Start.Raft;
        Term[] terms = [raft.HardState.Term, raft.SnapshotTerm, .. raft.TermRuns.Select(run => run.Term)];
        return (tree, terms.Max());
    }

    // As if entries of a new term had ended all sessions and let all the other nodes go.
    private static SnapshotId LeaveAlone(ZnodeTree tree, Term term, IReadOnlyList<Member> members)
    {
        var index = new LogIndex(tree.AppliedIndex) + IndexGap;
        var buffer = new EntryBuffer();
        foreach (var session in tree.Sessions.Select(session => session.Id).Order().ToList())
        {
            var header = new EntryHeader { Command = EntryCommand.ExpireSession, SessionId = session };
            TreeEntries.Apply(tree, new Entry(term.Next, index, EntryKind.Command, buffer.Write(header, [], [])));
            index = index.Next;
        }

        var membership = Founding.MembershipOf(members);
        TreeEntries.Apply(tree, new Entry(term.Next, index, EntryKind.Membership, membership.Encode()));
        return new SnapshotId(index, term.Next);
    }

    // The same steps as an installed snapshot's: the file is durable before the log names it (raft-design S3).
    private static void Write(
        LinuxFileSystem files, DataDirectory made, NodeLimits limits, ZnodeTree tree, SnapshotId id)
    {
        var log = made.RecoverLog();
        using (var file = made.OpenSnapshots().BeginWrite(id.Index, id.Term))
        {
            using var cursor = tree.BeginSnapshot();
            var part = new ArrayBufferWriter<byte>();
            for (var isMore = true; isMore; part.ResetWrittenCount())
            {
                isMore = cursor.WriteNext(part, limits.SnapshotStepZnodes);
                file.Append(part.WrittenSpan);
            }

            file.Complete();
        }

        using var writer = new LogWriter(files, log, made.Watermark, limits, TimeProvider.System, new Unheard());
        writer.Enqueue(new LogAppend(1, new HardState(id.Term, VotedFor: null), default, []));
        writer.MarkSnapshot(id.Index, id.Term, reset: true);
        while (writer.RunOnce())
        {
            // Until all of it is durable.
        }
    }

    // Nobody waits for the reports: what is written is durable when the writer has nothing left to do.
    private sealed class Unheard : ILogObserver
    {
        public void Persisted(long sequence)
        {
        }

        public void SnapshotMarked(LogIndex index, Term term)
        {
        }
    }
}
