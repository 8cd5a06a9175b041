using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;
using static Coord.JepsenLike.Tests.FamilyScene;

namespace Coord.JepsenLike.Tests;

/// <summary>What one-shot watches of lists of children and of existence may tell of the changes of the scene.</summary>
public sealed class FamilyWatchRulesTests
{
    [Fact]
    public void A_watch_of_children_tells_of_a_creation_and_of_a_deletion_but_not_of_data()
    {
        Holds(List(at: 1, zxid: 4), Listed(at: 2, zxid: 5), List(at: 3, zxid: 6), Listed(at: 4, zxid: 9));
        Breaks("missed the first", List(at: 1, zxid: 4), Listed(at: 2, zxid: 9));
        Breaks("missed the first", List(at: 1, zxid: 6), Listed(at: 2, zxid: 11));
        Breaks("nothing can have changed", List(at: 1, zxid: 13), Listed(at: 2, zxid: -1));
    }

    [Fact]
    public void A_list_ahead_of_its_event_is_found_and_one_that_only_data_has_passed_is_fine()
    {
        Holds(List(at: 1, zxid: 6), Read(Parent, at: 2, zxid: 8), Listed(at: 3, zxid: 9));
        Breaks("before its event", List(at: 1, zxid: 6), Read(Parent, at: 2, zxid: 9), Listed(at: 3, zxid: 9));
    }

    [Fact]
    public void A_list_from_before_the_change_that_its_event_told_is_found()
    {
        var seen = Read(Parent, at: 3, zxid: 14) with { ModifiedZxid = 5 };
        Breaks("before its data", List(at: 1, zxid: 6), Listed(at: 2, zxid: -1), seen);
        Holds(List(at: 1, zxid: 6), Listed(at: 2, zxid: -1), seen with { ModifiedZxid = 13 });
        Breaks("before its data", List(at: 1, zxid: 6), Listed(at: 2, zxid: 9), Read(Child, at: 3, zxid: 8));
    }

    [Fact]
    public void Who_waits_for_a_znode_is_told_that_it_was_created_and_of_nothing_else()
    {
        Holds(Missing(at: 1, zxid: 4), Told(WatchEventType.Created, at: 2, zxid: 5), Found(at: 3, zxid: 6));
        Breaks("another type", Missing(at: 1, zxid: 4), Told(WatchEventType.DataChanged, at: 2, zxid: 5));
        Breaks("missed the first", Missing(at: 1, zxid: 4), Told(WatchEventType.Created, at: 2, zxid: 11));
        Breaks("before its event", Missing(at: 1, zxid: 4), Found(at: 2, zxid: 5));
        Breaks("nobody waits", Missing(at: 1, zxid: 4), Told(WatchEventType.Created, at: 2, zxid: 5),
            Told(WatchEventType.DataChanged, at: 3, zxid: 7));
    }

    // exists asks for a watch where there is a znode too; the type is that of the first change.
    [Theory]
    [InlineData(6, WatchEventType.DataChanged, 7)]
    [InlineData(8, WatchEventType.Deleted, 9)]
    internal void A_watch_by_exists_tells_what_became_of_the_znode(long read, WatchEventType type, long change)
    {
        var wrong = type == WatchEventType.Deleted ? WatchEventType.DataChanged : WatchEventType.Deleted;
        Holds(Found(at: 1, read), Told(type, at: 2, change));
        Holds(Found(at: 1, read), Told(type, at: 2, change).Nameless());
        Breaks("another type", Found(at: 1, read), Told(wrong, at: 2, change));
        Breaks("another type", Found(at: 1, read), Told(wrong, at: 2, change).Nameless());
        Breaks("another type", Found(at: 1, read), Told(WatchEventType.Created, at: 2, change));
        Breaks("another type", List(at: 1, zxid: 6),
            Listed(at: 2, zxid: 9) with { Amount = (int)WatchEventType.DataChanged });
    }

    [Fact]
    public void A_znode_that_is_missing_behind_the_event_of_its_creation_must_have_been_deleted()
    {
        Operation[] told = [Missing(at: 1, zxid: 4), Told(WatchEventType.Created, at: 2, zxid: 5)];
        Holds([.. told, Missing(at: 3, zxid: 9) with { Kind = OperationKind.LocalRead }]);
        Breaks("before its data", [.. told, Missing(at: 3, zxid: 4) with { Kind = OperationKind.LocalRead }]);
    }

    [Fact]
    public void Lists_and_znodes_that_changed_while_disconnected_are_told_ahead_of_the_answer_to_setWatches()
    {
        Operation[] both = [List(at: 1, zxid: 6), Found(at: 2, zxid: 6)];
        Operation[] restored = [Restored(Parent, at: 6, zxid: 12), Restored(Child, at: 6, zxid: 12)];

        // The znode was deleted and made again: it has changed, by its mzxid.
        var changed = Told(WatchEventType.DataChanged, at: 3, zxid: -1).Later();
        Holds([.. both, changed, Listed(at: 4, zxid: -1).Later(), .. restored]);
        Breaks("before its event", [.. both, Listed(at: 4, zxid: -1).Later(), .. restored]);
        Breaks("before its event", [.. both, changed, .. restored]);
        Breaks("another type", [.. both, Told(WatchEventType.Created, at: 3, zxid: -1).Later()]);
    }

    [Fact]
    public void Who_waited_while_disconnected_is_told_only_of_a_znode_that_is_there_now()
    {
        Holds(Missing(at: 1, zxid: 4), Restored(Child, at: 3, zxid: 10),
            Told(WatchEventType.Created, at: 4, zxid: 11).Later());
        Holds(Missing(at: 1, zxid: 4), Told(WatchEventType.Created, at: 2, zxid: -1).Later(),
            Restored(Child, at: 3, zxid: 8));
        Breaks("was not told", Missing(at: 1, zxid: 4), Restored(Child, at: 3, zxid: 8));
        Breaks("was not told", Missing(at: 1, zxid: 10), Restored(Child, at: 3, zxid: 12));
        Holds(Unknown(OperationKind.Delete, Child), Missing(at: 1, zxid: 10), Restored(Child, at: 3, zxid: 12));
        Breaks("before its event", Missing(at: 1, zxid: 4), Restored(Child, at: 3, zxid: 10),
            Read(Child, at: 4, zxid: 11).Later());
    }

    [Fact]
    public void An_unknown_deletion_may_explain_an_event_and_an_acknowledged_change_of_data_cannot()
    {
        var fired = Listed(at: 2, zxid: -1);
        Holds(Unknown(OperationKind.Delete, Other), List(at: 1, zxid: 13), fired);
        Breaks("nothing can have changed", Unknown(OperationKind.Set, Other), List(at: 1, zxid: 13), fired);
    }

    private static void Holds(params Operation[] seen) => Assert.Empty(Findings(seen));

    private static void Breaks(string what, params Operation[] seen)
    {
        var found = Findings(seen)[0];
        Assert.Equal("watch", found.Rule);
        Assert.Contains(what, found.Text);
    }

    private static List<Finding> Findings(Operation[] seen)
    {
        var findings = new List<Finding>();
        WatchRules.Check([.. Changes, .. seen], findings);
        return findings;
    }

    private static Operation List(int at, long zxid) => Reply(OperationKind.WatchedRead, Parent, at, zxid);

    private static Operation Listed(int at, long zxid) => Event(WatchEventType.ChildrenChanged, Parent, at, zxid);

    private static Operation Found(int at, long zxid) =>
        Reply(OperationKind.WatchedRead, Child, at, zxid) with { ModifiedZxid = zxid };

    private static Operation Missing(int at, long zxid) =>
        Reply(OperationKind.WatchedRead, Child, at, zxid) with { Error = Operation.NoNode };

    private static Operation Read(string key, int at, long zxid) =>
        Reply(OperationKind.LocalRead, key, at, zxid) with { ModifiedZxid = zxid };

    private static Operation Told(WatchEventType type, int at, long zxid) => Event(type, Child, at, zxid);

    private static Operation Restored(string key, int at, long zxid) =>
        Reply(OperationKind.RestoreWatch, key, at, zxid).Later();
}
