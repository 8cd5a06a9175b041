using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Node.Storage;
using Coord.Node.Tests.Storage;
using Coord.Raft;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Node.Tests.Replica;

/// <summary>What becomes of damage found while the node runs, and of snapshots on a full disk.</summary>
public sealed class ReplicaBackgroundTests : IDisposable
{
    private static readonly NodeId Peer = new(2);

    private readonly LogRig rig = new LogRig().Start();
    private readonly SnapshotStore snapshots;
    private readonly List<ReplicaInput> inputs = [];
    private readonly DamageReports damage;
    private readonly ReplicaBackground background;

    public ReplicaBackgroundTests()
    {
        snapshots = rig.Directory.OpenSnapshots();
        for (var i = 0; i < 12; i++)
        {
            rig.Append((i * 10) + 1, 10, term: 1, payloadBytes: 200);
            rig.Flush();
        }

        var inbox = new ListInbox(inputs);
        damage = new DamageReports(
            rig.Recovered.Log, snapshots, inbox, TimeProvider.System, NullLogger.Instance);
        background = new ReplicaBackground(
            rig.Writer, snapshots, inbox, damage, rig.Limits, 1, static () => { }, static _ => { });
    }

    public void Dispose() => background.Dispose();

    // raft-design P22: damage is not compaction, and what is damaged goes to nobody.
    [Fact]
    public void Damaged_entries_above_the_snapshot_are_reported_and_not_sent()
    {
        Damage(rig.SegmentPaths()[6]);
        Order(() => background.ReadEntries(new FetchEntries(Peer, new LogIndex(61), new LogIndex(120), 100_000)));
        Assert.Contains("corruption", Assert.IsType<LogDamaged>(Assert.Single(inputs)).What, StringComparison.Ordinal);
        Assert.Equal(1, damage.Status.Findings);
        Assert.Contains("corruption", damage.Status.LastFinding, StringComparison.Ordinal);
    }

    // raft-design P21: a snapshot stands for them, so they count as compacted and the peer gets the snapshot.
    [Fact]
    public void Damaged_entries_below_the_snapshot_are_given_up()
    {
        Take(80);
        Damage(rig.SegmentPaths()[6]);
        Order(() => background.ReadEntries(new FetchEntries(Peer, new LogIndex(61), new LogIndex(120), 100_000)));
        Assert.Equal([typeof(LogShortened), typeof(EntriesRead)], inputs.Select(i => i.GetType()));
        Assert.Equal(71, ((LogShortened)inputs[0]).FirstIndex.Value);
        Assert.Null(((EntriesRead)inputs[1]).Entries);
        rig.RunBackground();
        Assert.Equal(71, rig.Recovered.Log.FirstIndex.Value);
        Assert.NotNull(rig.Writer.ReadEntries(new LogIndex(71), 100_000));
    }

    // raft-design S12: the log from the older snapshot on is all there is, once the newest one is lost.
    [Fact]
    public void A_lost_snapshot_stands_for_nothing()
    {
        Take(40);
        Take(80);
        inputs.Clear();
        damage.SnapshotDamaged(Id(80), "a flipped bit");
        Assert.IsType<SnapshotWanted>(Assert.Single(inputs));
        Assert.Equal([40L], snapshots.List().Select(s => s.Id.Index.Value));
        Damage(rig.SegmentPaths()[6]);
        Order(() => background.ReadEntries(new FetchEntries(Peer, new LogIndex(61), new LogIndex(120), 100_000)));
        Assert.IsType<LogDamaged>(inputs[^1]);
    }

    // The bug of others (raft-design BS8): a snapshot that finds no room must not stop the node, nor pile up.
    [Fact]
    public void A_snapshot_without_room_leaves_nothing_and_succeeds_when_there_is_room()
    {
        rig.Disk.CapacityBytes = rig.Disk.UsedBytes + 2_000;
        foreach (var isLast in new[] { false, false, true })
            Order(() => background.WriteSnapshot(Id(80), new byte[1_200], isLast));

        Assert.Equal(new SnapshotFailed(Id(80)), Assert.Single(inputs));
        Assert.Equal(0, background.SnapshotPartsWaiting);
        Assert.Empty(rig.Disk.List("/data/snapshots"));
        rig.Disk.CapacityBytes = long.MaxValue;
        foreach (var isLast in new[] { false, true })
            Order(() => background.WriteSnapshot(Id(80), new byte[1_200], isLast));

        Assert.IsType<SnapshotWritten>(inputs[^1]);
        Assert.Null(snapshots.FindFault(Id(80)));
    }

    // raft-design S3, S5: two snapshots, and the log from the older one on.
    [Fact]
    public void Two_snapshots_stay_with_the_log_between_them()
    {
        foreach (var index in new[] { 20, 40, 60 })
            Take(index);

        rig.RunBackground();
        Assert.Equal([60L, 40], snapshots.List().Select(s => s.Id.Index.Value));
        Assert.Equal(41, rig.Recovered.Log.FirstIndex.Value);
    }

    // raft-design P40: on a full disk one snapshot does, if it can be read from end to end.
    [Fact]
    public void A_full_disk_keeps_one_snapshot_that_was_verified()
    {
        Take(40);
        Take(80);
        FillDisk();
        Damage($"/data/snapshots/{SnapshotFormat.FileName(Id(80))}", 70);
        Order(() => background.ReleaseOlder(Id(80)));
        Assert.IsType<SnapshotWanted>(inputs[^1]);
        Assert.Equal([40L], snapshots.List().Select(s => s.Id.Index.Value));

        Take(80);
        rig.RunBackground();
        Assert.Equal([80L], snapshots.List().Select(s => s.Id.Index.Value));
        Assert.Equal(81, rig.Recovered.Log.FirstIndex.Value);
    }

    // raft-design S5: entries for slow followers, however little the snapshots need.
    [Fact]
    public void So_many_bytes_of_log_are_kept_for_slow_followers()
    {
        var limits = rig.Limits with { LogKeptBytes = 9 * rig.Limits.FirstSegmentBytes };
        using var keeping = new ReplicaBackground(
            rig.Writer, snapshots, new ListInbox(inputs), damage, limits, 1, static () => { }, static _ => { });
        Make(60);
        Make(110);
        keeping.ReleaseOlder(Id(110));
        Assert.True(keeping.RunOnce());
        rig.RunBackground();
        Assert.Equal(31, rig.Recovered.Log.FirstIndex.Value);
        Assert.Equal(31, ((LogShortened)inputs[^1]).FirstIndex.Value);
    }

    private void FillDisk()
    {
        rig.RunBackground();
        rig.Disk.CapacityBytes = rig.Disk.UsedBytes + 5_000;
        for (var next = 121; !rig.Writer.IsDiskFull; next++)
        {
            rig.Append(next, 1, term: 1, payloadBytes: 500);
            rig.Flush();
        }
    }

    private void Take(long index)
    {
        Make(index);
        Order(() => background.ReleaseOlder(Id(index)));
    }

    private void Make(long index)
    {
        using var writer = snapshots.BeginWrite(new LogIndex(index), new Term(1));
        writer.Append(Appends.Make(index, 1, 300).Payload.Span);
        writer.Complete();
        rig.Mark(index, 1);
        rig.Flush();
    }

    private void Order(Action order)
    {
        order();
        Assert.True(background.RunOnce());
    }

    private void Damage(string path, int position = 4_300)
    {
        var bytes = rig.Disk.ReadAll(path);
        bytes[position] ^= 1;
        rig.Disk.Plant(path, bytes);
    }

    private static SnapshotId Id(long index) => new(new LogIndex(index), new Term(1));

    private sealed class ListInbox(List<ReplicaInput> inputs) : IReplicaInbox
    {
        public void Post(ReplicaInput input) => inputs.Add(input);
    }
}
