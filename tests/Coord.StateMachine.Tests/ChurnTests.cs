using FsCheck;
using FsCheck.Fluent;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>Trees in which memory changes hands all the time, and snapshots of them meanwhile.</summary>
public class ChurnTests
{
    // Danger: bytes or fields of a znode that went, or of one that came while the snapshot was taken.
    [Fact]
    public void A_snapshot_of_a_busy_tree_holds_every_field_of_a_naive_zookeeper() =>
        Prop.ForAll(Churn.Arbitrary, Gen.Choose(0, 200).ToArbitrary(), Gen.Choose(1, 4).ToArbitrary(),
            (steps, begin, pace) =>
            {
                var driver = new TreeDriver();
                var chunks = new List<byte[]>();
                SnapshotCursor? cursor = null;
                (string Path, ZnodeView Znode)[] expected = [];
                int step = 0;
                History history = null!;
                history = new History(driver, () =>
                {
                    if (step++ == begin)
                    {
                        expected = history.View();
                        cursor = driver.Tree.BeginSnapshot();
                    }
                    else if (cursor is { IsComplete: false } && step % (2 * pace) == 0)
                    {
                        chunks.Add(Snapshots.Next(cursor, pace));
                    }
                });
                history.Run(steps);
                if (cursor == null)
                    return;

                chunks.AddRange(Snapshots.Rest(cursor));
                AssertGoesOn(chunks, expected, driver);
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    // Danger: what an aborted multi, a set or a session leaves behind, a million times.
    [Fact]
    public void What_comes_and_goes_leaves_no_memory_behind()
    {
        var driver = new TreeDriver();
        var session = driver.Connect();
        driver.Do(session, new Create("/kept", "small"));
        (long, int, int, int) before = default;
        for (int round = 0; round < 300; round++)
        {
            ComeAndGo(driver, session);
            var store = driver.Tree.Store;
            var now = (store.Blocks.ReservedBytes, store.Rare.End, store.Znodes.End, store.Acls.End);
            Assert.Equal(round == 0 ? now : before, now);
            before = now;
        }

        Assert.Equal("small", driver.Value("/kept"));
        StoreSoundness.AssertSound(driver.Tree);
    }

    private static void AssertGoesOn(
        List<byte[]> chunks, (string Path, ZnodeView Znode)[] expected, TreeDriver driver)
    {
        var loaded = Snapshots.Load(chunks);
        var follower = new TreeDriver(loaded);
        StoreSoundness.AssertSound(loaded);
        Assert.Equal(expected.Length, loaded.ZnodeCount);
        foreach (var (path, znode) in expected)
            Assert.Equal(znode, ZnodeView.Of(follower, path));

        foreach (var (index, entry) in driver.Log.Where(e => e.Index > loaded.AppliedIndex))
            loaded.Apply(index, entry);
        StoreSoundness.AssertSound(loaded);
        Assert.Equal(
            (driver.Tree.ContentHash(), driver.Tree.RollingDigest), (loaded.ContentHash(), loaded.RollingDigest));
    }

    private static void ComeAndGo(TreeDriver driver, TestSession session)
    {
        var (large, larger) = (new string('l', 30_000), new string('m', 40_000));
        var other = driver.Connect();
        driver.Do(other, new Create("/ephemeral", large, Flags: 1)
        {
            Acl = [(31, "ip", "10.1.2.3"), (1, "world", "anyone")],
        });
        driver.Do(session, new Multi(
            new Create("/a", large), new Create("/a/b", larger), new Set("/a", larger), new Set("/a/b", large),
            new Set("/kept", large), new Delete("/ephemeral"), new Delete("/a/b"), new ZnodeRequest.Check("/", 99)));
        driver.Do(session, new Multi(
            new Create("/a", large), new Create("/a/b", larger), new Set("/a", larger), new Set("/a/b", large),
            new Set("/kept", larger), new Set("/kept", large), new Delete("/a/b")));
        driver.Do(session, new Set("/a", null));
        driver.Do(session, new Set("/kept", larger));
        driver.Do(session, new Set("/kept", "small"));
        driver.Do(session, new Delete("/a"));
        driver.Close(other);
    }
}
