using FsCheck;
using FsCheck.Fluent;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>A snapshot is the state at one index, whatever happens while it is taken (raft-design S1, S2).</summary>
public class SnapshotTests
{
    [Fact]
    public void A_tree_from_a_snapshot_equals_the_one_it_was_taken_of() =>
        Prop.ForAll(Histories.Arbitrary, steps =>
        {
            var driver = new TreeDriver();
            new History(driver).Run(steps);
            var loaded = Snapshots.Load(Snapshots.Of(driver.Tree));
            AssertEqual(driver.Tree, loaded);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Fact]
    public void A_tree_from_a_snapshot_goes_on_like_the_one_it_was_taken_of() =>
        Prop.ForAll(Histories.Arbitrary, steps =>
        {
            var driver = new TreeDriver();
            List<byte[]>? chunks = null;
            int step = 0;
            new History(driver, () => chunks = step++ == steps.Length / 2 ? Snapshots.Of(driver.Tree) : chunks)
                .Run(steps);

            var follower = Snapshots.Load(chunks!);
            foreach (var (index, entry) in driver.Log.Where(e => e.Index > follower.AppliedIndex))
                follower.Apply(index, entry);
            AssertEqual(driver.Tree, follower);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    // Danger: a write between two chunks shows in the snapshot, or a znode deleted meanwhile is missing from it.
    [Fact]
    public void Writes_while_a_snapshot_is_taken_do_not_show_in_it() =>
        Prop.ForAll(Histories.Arbitrary, Gen.Choose(0, 59).ToArbitrary(), Gen.Choose(1, 4).ToArbitrary(),
            (steps, begin, pace) =>
            {
                var driver = new TreeDriver();
                var chunks = new List<byte[]>();
                SnapshotCursor? cursor = null;
                (ulong Hash, ulong Digest, long Index) atBegin = default;
                int step = 0;
                new History(driver, () =>
                {
                    if (step++ == begin)
                    {
                        atBegin = (driver.Tree.ContentHash(), driver.Tree.RollingDigest, driver.Tree.AppliedIndex);
                        cursor = driver.Tree.BeginSnapshot();
                    }
                    else if (cursor is { IsComplete: false } && step % pace == 0)
                    {
                        chunks.Add(Snapshots.Next(cursor, pace));
                    }
                }).Run(steps);
                if (cursor == null)
                    return;

                chunks.AddRange(Snapshots.Rest(cursor));
                var loaded = Snapshots.Load(chunks);
                Assert.Equal(atBegin.Hash, loaded.ContentHash());
                Assert.Equal(atBegin, (cursor.ContentHash, loaded.RollingDigest, loaded.AppliedIndex));
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Slots_freed_and_reused_behind_and_before_the_cursor_change_nothing()
    {
        var driver = new TreeDriver();
        var session = driver.Connect();
        for (int i = 0; i < 5_000; i++)
            driver.Do(session, new Create($"/n{i:0000}", new string('x', 100)));
        for (int i = 0; i < 50; i++)
            driver.Do(session, new Delete($"/n{i:0000}"));

        ulong hash = driver.Tree.ContentHash();
        var cursor = driver.Tree.BeginSnapshot();
        var chunks = new List<byte[]>();
        for (int i = 0; i < 60; i++)
            driver.Do(session, new Create($"/k{i:0000}", "in a slot that was free"));
        for (int i = 50; i < 5_000; i++)
        {
            driver.Do(session, new Delete($"/n{(i % 2 == 0 ? i : 5_050 - i):0000}"));
            driver.Do(session, new Create($"/m{i:0000}", "new"));
            if (i % 100 == 0)
                chunks.Add(Snapshots.Next(cursor, 20));
        }

        chunks.AddRange(Snapshots.Rest(cursor, 500));
        Assert.Equal(hash, Snapshots.Load(chunks).ContentHash());
        Assert.True(cursor.IsComplete);
    }

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        var chunks = Snapshots.Of(SmallTree().Tree);
        for (int chunk = 0; chunk < chunks.Count; chunk++)
        {
            for (int bit = 0; bit < chunks[chunk].Length * 8; bit++)
            {
                var damaged = chunks.Select(c => c.ToArray()).ToList();
                damaged[chunk][bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.NotNull(Snapshots.TryLoad(damaged).Fault);
            }
        }
    }

    [Fact]
    public void Every_missing_or_cut_chunk_is_noticed()
    {
        var chunks = Snapshots.Of(SmallTree().Tree);
        for (int chunk = 0; chunk < chunks.Count; chunk++)
        {
            Assert.NotNull(Snapshots.TryLoad(chunks.Where((_, i) => i != chunk)).Fault);
            for (int length = 0; length < chunks[chunk].Length; length++)
            {
                var cut = chunks.ToList();
                cut[chunk] = chunks[chunk][..length];
                if (length == 1 && chunks[chunk].Length == 1)
                    continue;
                Assert.NotNull(Snapshots.TryLoad(cut).Fault);
            }
        }
    }

    // Danger: a buffer that grows is allocated and copied several times over, 256 KiB by 256 KiB.
    [Fact]
    public void A_chunk_fits_the_buffer_that_is_made_for_it()
    {
        var driver = SmallTree();
        var session = driver.Connect();
        for (int i = 0; i < 3_000; i++)
            driver.Do(session, new Create($"/many-{i}", new string('d', i % 4_096)));
        using var cursor = driver.Tree.BeginSnapshot();
        for (bool isMore = true; isMore;)
        {
            var chunk = SnapshotCursor.NewChunk();
            int room = chunk.Capacity;
            isMore = cursor.WriteNext(chunk, maxZnodes: 2_000);
            Assert.Equal(room, chunk.Capacity);
            if (chunk.WrittenCount > 100_000)
                driver.Do(session, new Set($"/many-{2_999 - (chunk.WrittenCount % 1_000)}", "kept as it was"));
        }
    }

    // Danger: the index holds two znodes under one path, and each is found by chance.
    [Fact]
    public void A_chunk_of_znodes_that_comes_twice_is_noticed()
    {
        var chunks = Snapshots.Of(SmallTree().Tree);
        var znodes = chunks.FindIndex(chunk => chunk[0] == (byte)SnapshotFormat.ChunkKind.Znodes);
        chunks.Insert(znodes, chunks[znodes]);
        Assert.Equal("A znode is there twice.", Snapshots.TryLoad(chunks).Fault);

        byte[] doubled = [.. chunks[znodes], .. chunks[znodes].AsSpan(1)];
        chunks.RemoveAt(znodes);
        chunks[znodes] = doubled;
        Assert.Equal("A znode is there twice.", Snapshots.TryLoad(chunks).Fault);
    }

    [Fact]
    public void A_snapshot_given_up_leaves_the_tree_free_for_the_next()
    {
        var driver = SmallTree();
        driver.Tree.BeginSnapshot().Dispose();
        AssertEqual(driver.Tree, Snapshots.Load(Snapshots.Of(driver.Tree)));
    }

    [Fact]
    public void Two_snapshots_at_once_are_a_broken_invariant()
    {
        var tree = new ZnodeTree();
        using var first = tree.BeginSnapshot();
        Assert.Throws<StateCorruptException>(tree.BeginSnapshot);
    }

    // Danger: an update of the software that cannot read the snapshots of the one before (raft-design I8).
    [Fact]
    public void The_bytes_of_a_snapshot_are_the_ones_written_down()
    {
        Assert.Equal(GoldenSnapshot.Chunks, Snapshots.Of(SmallTree().Tree).Select(Convert.ToHexString));
        var loaded = Snapshots.Load(GoldenSnapshot.Chunks.Select(Convert.FromHexString));
        AssertEqual(SmallTree().Tree, loaded);
    }

    private static TreeDriver SmallTree()
    {
        var driver = new TreeDriver();
        driver.Tree.SetGenesis([7, 8, 9], "version=0"u8);
        var session = driver.Connect();
        driver.Do(session, new Create("/a", "value"));
        driver.Do(session, new Once(5, new Create("/a/n-", null, Flags: 3)));
        driver.Do(session, new Create("/c") { Acl = [(31, "digest", "u:hash="), (1, "world", "anyone")] });
        driver.Do(session, new Set("/a", "another", Version: 0));
        return driver;
    }

    private static void AssertEqual(ZnodeTree expected, ZnodeTree actual)
    {
        Assert.Equal(expected.ContentHash(), actual.ContentHash());
        Assert.Equal((expected.AppliedIndex, expected.RollingDigest), (actual.AppliedIndex, actual.RollingDigest));
        Assert.Equal((expected.ZnodeCount, expected.EphemeralCount), (actual.ZnodeCount, actual.EphemeralCount));
        Assert.Equal(expected.ApproximateDataBytes, actual.ApproximateDataBytes);
        Assert.Equal(expected.SessionCount, actual.SessionCount);
        Assert.Equal(expected.Sessions.OrderBy(s => s.Id), actual.Sessions.OrderBy(s => s.Id));
    }
}
