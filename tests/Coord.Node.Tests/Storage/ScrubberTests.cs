using Coord.Node.Peers;
using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Node.Tests.Storage;

/// <summary>
/// raft-design P23: what nobody reads any more is read all the same, so that damage shows while another node still has
/// what it hit.
/// </summary>
public class ScrubberTests
{
    private static readonly NodeLimits Limits = LogRig.SmallLimits with
    {
        ScrubBytesPerSecond = 1_000,
        ScrubStepBytes = 1_500,
        ScrubInterval = TimeSpan.FromHours(1),
    };

    private readonly RecordingDamage damage = new();

    [Fact]
    public void Sound_files_are_read_once_per_interval_and_no_faster_than_allowed()
    {
        var rig = Written(out var snapshots);
        var clock = new SteppedTime();
        using var scrubber = Scrub(rig, snapshots, clock);
        var sealedBytes = rig.Recovered.Log.SealedSegments().Sum(s => s.FileLength);
        Assert.True(sealedBytes > 20_000);
        for (var pass = 1; pass <= 3; pass++)
        {
            var began = clock.Elapsed;
            while (damage.Passes < pass)
                clock.Advance(scrubber.RunOnce());

            Assert.InRange(clock.Elapsed - began, TimeSpan.FromSeconds(15), TimeSpan.FromHours(1.1));
            var wait = scrubber.RunOnce();
            Assert.Equal(began + TimeSpan.FromHours(1), clock.Elapsed + wait);
            clock.Advance(wait);
        }

        Assert.InRange(damage.BytesRead, 45_000, 4 * sealedBytes);
        Assert.Empty(damage.Segments);
        Assert.Empty(damage.Snapshots);
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_a_sealed_segment_is_found()
    {
        var rig = Written(out var snapshots);
        var segment = rig.Recovered.Log.SealedSegments()[2];
        var path = $"{LogRig.LogPath}/{segment.FileName}";
        var bytes = rig.Disk.ReadAll(path);
        var end = bytes.AsSpan().LastIndexOfAnyExcept((byte)0);
        for (var position = 0; position <= end; position += 7)
        {
            var changed = bytes.ToArray();
            changed[position] ^= 4;
            rig.Disk.Plant(path, changed);
            OnePass(rig, snapshots);
            var found = Assert.Single(damage.Segments);
            Assert.Equal(segment.Number, found.Segment);
            Assert.Equal(path, found.Damage.Path);
            damage.Segments.Clear();
        }

        rig.Disk.Plant(path, bytes[..5_000]);
        OnePass(rig, snapshots);
        Assert.Single(damage.Segments);
        rig.Disk.Plant(path, bytes);
        rig.Disk.IsUnreadable = p => p == path;
        OnePass(rig, snapshots);
        Assert.Equal(2, damage.Segments.Count);
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_a_snapshot_is_found()
    {
        var rig = Written(out var snapshots);
        var snapshot = snapshots.List()[0];
        var path = $"{LogRig.DataPath}/snapshots/{SnapshotFormat.FileName(snapshot.Id)}";
        var bytes = rig.Disk.ReadAll(path);
        for (var position = 0; position < bytes.Length; position += 5)
        {
            var changed = bytes.ToArray();
            changed[position] ^= 4;
            rig.Disk.Plant(path, changed);
            OnePass(rig, snapshots);
            Assert.Equal(snapshot.Id, Assert.Single(damage.Snapshots));
            damage.Snapshots.Clear();
        }

        rig.Disk.Plant(path, bytes);
        rig.Disk.IsUnreadable = p => p == path;
        OnePass(rig, snapshots);
        Assert.Equal(snapshot.Id, Assert.Single(damage.Snapshots));
    }

    // What is deleted while the scrubber has it open or on its list is no damage.
    [Fact]
    public void Segments_and_snapshots_that_go_meanwhile_are_no_damage()
    {
        var rig = Written(out var snapshots, batch: 1);
        using var scrubber = Scrub(rig, snapshots, TimeProvider.System);
        while (damage.BytesRead == 0)
            scrubber.RunOnce();

        // And becomes shorter while it is read.
        rig.Writer.Compact(rig.Recovered.Log.LastIndex);
        rig.RunBackground();
        Assert.Single(rig.SegmentPaths());
        foreach (var snapshot in snapshots.List())
            snapshots.Discard(snapshot.Id);

        while (damage.Passes == 0)
            scrubber.RunOnce();

        Assert.Empty(damage.Segments);
        Assert.Empty(damage.Snapshots);
    }

    private void OnePass(LogRig rig, SnapshotStore snapshots)
    {
        using var scrubber = Scrub(rig, snapshots, TimeProvider.System);
        for (var passes = damage.Passes; damage.Passes == passes;)
            scrubber.RunOnce();
    }

    private Scrubber Scrub(LogRig rig, SnapshotStore snapshots, TimeProvider time) =>
        new(rig.Disk, rig.Recovered.Log, snapshots, Limits, time, damage);

    private static LogRig Written(out SnapshotStore snapshots, int batch = 10)
    {
        var rig = new LogRig().Start();
        snapshots = rig.Directory.OpenSnapshots();
        for (var first = 1; first <= 80; first += batch)
        {
            rig.Append(first, batch, term: 1, payloadBytes: 200);
            rig.Flush();
        }

        foreach (var index in new[] { 20, 40 })
        {
            using var writer = snapshots.BeginWrite(new LogIndex(index), new Term(1));
            writer.Append(Appends.Make(index, 1, 300).Payload.Span);
            writer.Append(Appends.Make(index, 2, 900).Payload.Span);
            writer.Complete();
        }

        return rig;
    }

    private sealed class RecordingDamage : IDamageObserver
    {
        public List<(LogDamage Damage, long Segment)> Segments { get; } = [];

        public List<SnapshotId> Snapshots { get; } = [];

        public int Passes { get; private set; }

        public bool SegmentDamaged(LogDamage damage, long segment)
        {
            Segments.Add((damage, segment));
            return false;
        }

        public void SnapshotDamaged(SnapshotId snapshot, string what) => Snapshots.Add(snapshot);

        public long BytesRead { get; private set; }

        public void Scrubbed(long bytes, bool isRoundOver)
        {
            BytesRead += bytes;
            Passes += isRoundOver ? 1 : 0;
        }
    }

    private sealed class SteppedTime : TimeProvider
    {
        public TimeSpan Elapsed { get; private set; } = TimeSpan.FromSeconds(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;

        public void Advance(TimeSpan by) => Elapsed += by;
    }
}
