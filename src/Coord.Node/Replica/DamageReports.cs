using Coord.Node.Admin;
using Coord.Node.Peers;
using Coord.Node.Storage;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Replica;

/// <summary>
/// What follows when something on disk can no longer be read: what a snapshot stands for is given up, a snapshot is
/// taken anew, and for the rest the node must recover (raft-design P21 to P23). Called by several threads.
/// </summary>
internal sealed class DamageReports(
    SegmentedLog log, SnapshotStore snapshots, IReplicaInbox inbox, TimeProvider time, ILogger logger) : IDamageObserver
{
    private readonly Lock gate = new();
    private ScrubStatus status = new(0, 0, 0);

    /// <summary>What was read and found so far.</summary>
    public ScrubStatus Status
    {
        get
        {
            lock (gate)
                return status;
        }
    }

    public bool SegmentDamaged(LogDamage damage, long segment)
    {
        Note($"{damage}");
        var snapshot = snapshots.List().FirstOrDefault(s => s.Id.Index <= log.SnapshotIndex);
        if (snapshot is not null && log.TryGiveUp(segment, snapshot.Id.Index))
        {
            ReplicaTrace.SegmentGivenUp(logger, $"{damage}", snapshot.Id.Index.Value);
            inbox.Post(new LogShortened(log.FirstIndex));
            return true;
        }

        ReplicaTrace.LogDamaged(logger, $"{damage}");
        inbox.Post(new LogDamaged($"{damage}"));
        return false;
    }

    public void SnapshotDamaged(SnapshotId snapshot, string what)
    {
        Note(what);
        ReplicaTrace.SnapshotDamaged(logger, snapshot.Index.Value, what);
        snapshots.Discard(snapshot);
        inbox.Post(new SnapshotWanted());
    }

    public void Scrubbed(long bytes, bool isRoundOver)
    {
        lock (gate)
        {
            status = status with { BytesRead = status.BytesRead + bytes };
            if (isRoundOver)
            {
                var now = time.GetUtcNow().ToUnixTimeMilliseconds();
                status = status with { Rounds = status.Rounds + 1, LastRoundMs = now };
            }
        }
    }

    private void Note(string what)
    {
        lock (gate)
            status = status with { Findings = status.Findings + 1, LastFinding = what };
    }
}
