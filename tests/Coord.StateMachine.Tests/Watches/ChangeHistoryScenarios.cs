using FsCheck;
using FsCheck.Fluent;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>What was changed, told later (docs/internals/extensions.md, watch-from).</summary>
public class ChangeHistoryScenarios
{
    private readonly WatchedTree _tree = new();

    [Fact]
    public void What_was_missed_is_told_as_if_it_had_been_watched_all_the_while()
    {
        _tree.Do(new Create("/before"));
        var history = new ChangeHistory(changesMax: 10, bytesMax: 100, _tree.LastZxid);
        _tree.Kept = history;
        _tree.Do(new Create("/a"), new Create("/a/b"));
        long seen = _tree.LastZxid;
        _tree.Do(new Set("/a/b", "x"), new Create("/c"), new Delete("/a/b"), new Create("/a/d"));

        _tree.FollowAll("ann", "/a");
        _tree.Follow("bob", "/a");
        Assert.Equal(7, Replay(history, seen));
        _tree.AssertEvents(
            "ann NodeDataChanged /a/b", "ann NodeDeleted /a/b", "bob NodeChildrenChanged /a", "ann NodeCreated /a/d",
            "bob NodeChildrenChanged /a");
        Assert.Equal(
            [seen + 1, seen + 3, seen + 3, seen + 4, seen + 4], _tree.Zxids);
    }

    [Fact]
    public void Who_may_not_read_a_znode_is_not_told_of_it_later_either()
    {
        var history = new ChangeHistory(changesMax: 10, bytesMax: 100, _tree.LastZxid);
        _tree.Kept = history;
        long seen = _tree.LastZxid;
        _tree.Do(new Create("/secret") { Acl = [(31, "digest", "bob:x")] }, new Delete("/secret"));

        _tree.Identify("bob", "bob:x");
        _tree.FollowAll("ann", "/");
        _tree.FollowAll("bob", "/");
        Replay(history, seen);
        _tree.AssertEvents("bob NodeCreated /secret", "bob NodeDeleted /secret");
    }

    // Danger: a history that has forgotten something says that it has all.
    [Fact]
    public void It_reaches_as_far_as_it_remembers_and_tells_all_of_that() =>
        Prop.ForAll(Arb.From(Gen.ListOf(Gen.Choose(1, 12))), lengths =>
        {
            var tree = new WatchedTree();
            var history = new ChangeHistory(changesMax: 4, bytesMax: 20, tree.LastZxid);
            tree.Kept = history;
            long begun = tree.LastZxid;
            foreach (int length in lengths)
                tree.Do(new Create($"/{tree.LastZxid:x}{new string('x', length)}"));

            tree.FollowAll("ann", "/");
            for (long seen = begun; seen <= tree.LastZxid; seen++)
            {
                Assert.Equal(seen >= history.Floor, history.Reaches(seen));
                if (seen < history.Floor)
                    continue;
                tree.Zxids.Clear();
                history.Replay(seen, tree.Watches, tree);
                Assert.Equal(Enumerable.Range(1, (int)(tree.LastZxid - seen)).Select(i => seen + i), tree.Zxids);
            }

            // Each create changes its parent too, and what fits into one block is not forgotten.
            Assert.True(history.Floor <= Math.Max(begun, tree.LastZxid - 1));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void It_says_how_much_there_is_to_tell_and_begins_anew_with_another_state()
    {
        var history = new ChangeHistory(changesMax: 10, bytesMax: 100, _tree.LastZxid);
        _tree.Kept = history;
        long seen = _tree.LastZxid;
        _tree.Do(new Set("/", "x"), new Set("/", "y"));
        Assert.Equal((2, 2), history.Behind(seen));
        Assert.Equal((1, 1), history.Behind(seen + 1));
        Assert.Equal((0, 0), history.Behind(seen + 2));
        Assert.False(history.Reaches(seen - 1));

        history.Restart(_tree.LastZxid + 5);
        Assert.False(history.Reaches(_tree.LastZxid));
        Assert.True(history.Reaches(_tree.LastZxid + 5));
    }

    // Danger: small changes that hold on to large ACLs fill the memory.
    [Fact]
    public void What_decides_who_is_told_counts_as_much_as_a_path()
    {
        var history = new ChangeHistory(changesMax: 100, bytesMax: 500, _tree.LastZxid);
        _tree.Kept = history;
        long seen = _tree.LastZxid;
        _tree.Do(new Create("/a") { Acl = [(31, "digest", $"bob:{new string('x', 100)}")] });
        Assert.InRange(history.Behind(seen).Bytes, 100, 200);
        _tree.Do([.. Enumerable.Range(0, 12).Select(i => new Set("/a", $"{i}"))]);
        Assert.False(history.Reaches(seen));
        Assert.InRange(history.Behind(seen).Bytes, 100, 1000);
    }

    // Danger: a path that is longer than all the room there is.
    [Fact]
    public void A_path_that_does_not_fit_begins_it_anew()
    {
        var history = new ChangeHistory(changesMax: 10, bytesMax: 20, _tree.LastZxid);
        _tree.Kept = history;
        long seen = _tree.LastZxid;
        _tree.Do(new Create($"/{new string('x', 30)}"));
        Assert.False(history.Reaches(seen));
        Assert.Equal(seen + 1, history.Floor);

        _tree.Do(new Create("/a"));
        _tree.FollowAll("ann", "/");
        Replay(history, seen + 1);
        _tree.AssertEvents("ann NodeCreated /a");
    }

    private int Replay(ChangeHistory history, long seen)
    {
        Assert.True(history.Reaches(seen));
        history.Replay(seen, _tree.Watches, _tree);
        return history.Behind(seen).Changes;
    }
}
