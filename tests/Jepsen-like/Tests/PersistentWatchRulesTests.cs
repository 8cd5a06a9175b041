using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;
using static Coord.JepsenLike.Tests.FamilyScene;

namespace Coord.JepsenLike.Tests;

/// <summary>What persistent and recursive watches may tell, of servers that name the change and of those that do not.
/// </summary>
public sealed class PersistentWatchRulesTests
{
    private static readonly Operation[] Lists =
    [
        Event(WatchEventType.ChildrenChanged, Parent, at: 10, zxid: 5),
        Event(WatchEventType.ChildrenChanged, Parent, at: 20, zxid: 9),
        Event(WatchEventType.ChildrenChanged, Parent, at: 30, zxid: 11),
        Event(WatchEventType.ChildrenChanged, Parent, at: 40, zxid: 13),
    ];

    private static readonly Operation[] All =
    [
        Event(WatchEventType.Created, Child, at: 10, zxid: 5),
        Event(WatchEventType.DataChanged, Child, at: 15, zxid: 7),
        Event(WatchEventType.Deleted, Child, at: 20, zxid: 9),
        Event(WatchEventType.Created, Child, at: 30, zxid: 11),
        Event(WatchEventType.Created, Other, at: 40, zxid: 13),
    ];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_change_is_told_once_ahead_of_the_replies_that_show_it(bool isNamed)
    {
        foreach (var (added, events) in Both(isNamed))
        {
            Operation[] replies = [.. Lists.Select(told => Read(told.Invoked + 1, told.Zxid))];
            Holds([added, .. events, .. replies]);
            for (var missing = 0; missing < events.Length; missing++)
                Breaks([added, .. events.Where((_, at) => at != missing), .. replies, Read(50, zxid: 14)]);
            for (var late = 0; late < events.Length; late++)
            {
                Operation ahead = Read(events[late].Invoked - 1, events[late].Zxid);
                Breaks([added, .. events, ahead with { Zxid = Zxids(added)[late] }]);
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_event_that_comes_twice_or_for_what_the_reply_had_shown_or_ahead_of_it_is_found(bool isNamed)
    {
        foreach (var (added, events) in Both(isNamed))
        {
            Breaks([added, .. events, events[^1] with { Invoked = 41, Completed = 41 }]);
            Breaks([added with { Zxid = 5 }, .. events]);
            Holds([added with { Zxid = 5 }, .. events[1..]]);
            Breaks([added with { Completed = 11, Invoked = 11 }, .. events]);
        }
    }

    [Fact]
    public void Events_in_another_order_than_their_changes_are_found()
    {
        Operation[] turned = [.. All.Take(3), All[4] with { Invoked = 25, Completed = 25 }, All[3]];
        Breaks([Add(WatchList.Recursive), .. turned]);
        Breaks([Add(WatchList.Recursive), .. turned.Select(FamilyScene.Nameless)]);
        Breaks([Add(WatchList.Persistent), Lists[1] with { Completed = 5, Invoked = 5 }, .. Lists]);
    }

    // What it names it has told: a write of which nobody knows cannot be that one.
    [Fact]
    public void A_named_event_that_comes_twice_is_found_also_beside_unknown_writes()
    {
        Operation[] told = [Unknown(OperationKind.Delete, Child), Add(WatchList.Persistent), .. Lists];
        Holds(told);
        Breaks([.. told, Lists[3] with { Invoked = 41, Completed = 41 }]);
        Holds([.. told, Lists[3] with { Invoked = 41, Completed = 41, Zxid = 14 }]);
    }

    // Each parent's events are in order, and all of them together are not.
    [Fact]
    public void Events_of_two_parents_in_another_order_than_their_changes_are_found()
    {
        var change = Change(OperationKind.Create, OtherParent + "/child-0", zxid: 6);
        Operation[] both = [change, Add(WatchList.Persistent), Add(WatchList.Persistent) with { Key = OtherParent }];
        var told = Event(WatchEventType.ChildrenChanged, OtherParent, at: 15, zxid: 6);
        Holds([.. both, Lists[0], told]);
        Breaks([.. both, told with { Completed = 9, Invoked = 9 }, Lists[0]]);
        Breaks([.. both, (told with { Completed = 9, Invoked = 9 }).Nameless(), Lists[0].Nameless()]);
    }

    // A server that names no change tells one twice: the second could be for the next, were that asked for by then.
    [Fact]
    public void An_event_ahead_of_the_request_for_its_change_is_found()
    {
        var later = Change(OperationKind.Delete, Other, zxid: 15) with { Invoked = 60, Completed = 61 };
        Operation[] told = [Add(WatchList.Persistent), later, .. Lists.Select(one => one.Nameless())];
        var next = Lists[3].Nameless();
        Holds([.. told, next with { Invoked = 60, Completed = 60 }]);
        Breaks([.. told, next with { Invoked = 59, Completed = 59 }]);
    }

    [Fact]
    public void A_recursive_watch_tells_of_no_list_and_a_persistent_one_of_no_child()
    {
        Breaks([Add(WatchList.Recursive), All[0], Lists[0]]);
        Breaks([Add(WatchList.Persistent), Lists[0], All[1]]);
        Breaks([Add(WatchList.Recursive), All[0] with { Amount = (int)WatchEventType.DataChanged }]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_read_behind_the_event_that_is_older_than_its_change_is_found(bool isNamed)
    {
        foreach (var (added, events) in Both(isNamed))
        {
            Breaks([added, .. events[..1], Read(at: 11, zxid: 4)]);
            Holds([added, .. events[..1], Read(at: 11, zxid: 4).Later()]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_changed_while_disconnected_is_lost_and_all_behind_the_answer_to_setWatches2_is_told(bool isNamed)
    {
        foreach (var (added, events) in Both(isNamed))
        {
            var restored = Reply(OperationKind.RestoreWatch, Parent, at: 25, zxid: 10).Later();
            Operation[] rest = [.. events[^2..].Select(FamilyScene.Later)];
            var end = Read(at: 45, zxid: 13).Later();
            Holds([added, events[0], restored, .. rest, end]);
            Breaks([added, events[0], restored, rest[1], end]);
            Breaks([added, events[0], rest[0] with { Invoked = 24, Completed = 24 }, restored, .. rest, end]);
            Breaks([added, events[0], restored, rest[0], end]);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_write_of_which_nobody_knows_may_be_told_once(bool isNamed)
    {
        var told = Event(WatchEventType.Deleted, Child, at: 35, isNamed ? 12 : -1);
        foreach (var (added, events) in Both(isNamed))
        {
            var more = added.Amount == (int)WatchList.Recursive ? told
                : told with { Amount = (int)WatchEventType.ChildrenChanged, Key = Parent };
            Operation[] seen = [added, .. events, more];
            Breaks(seen);
            Holds([Unknown(OperationKind.Delete, Child), .. seen]);
            Breaks([Unknown(OperationKind.Set, Child), .. seen]);
            Breaks([Unknown(OperationKind.Delete, Child), .. seen, more with { Invoked = 36, Completed = 36 }]);
        }
    }

    private static void Holds(IEnumerable<Operation> seen) => Assert.Empty(Findings(seen));

    private static void Breaks(IEnumerable<Operation> seen) => Assert.Equal("persistent-watch", Findings(seen)[0].Rule);

    private static List<Finding> Findings(IEnumerable<Operation> seen)
    {
        var findings = new List<Finding>();
        PersistentWatchRules.Check([.. Changes, .. seen], findings);
        return findings;
    }

    /// <summary>Each sort of watch with all that it has to tell.</summary>
    private static (Operation Added, Operation[] Events)[] Both(bool isNamed) =>
    [
        (Add(WatchList.Persistent), [.. Lists.Select(told => isNamed ? told : told.Nameless())]),
        (Add(WatchList.Recursive), [.. All.Select(told => isNamed ? told : told.Nameless())]),
    ];

    private static long[] Zxids(Operation added) =>
        [.. (added.Amount == (int)WatchList.Recursive ? All : Lists).Select(told => told.Zxid)];

    private static Operation Add(WatchList list) =>
        Reply(OperationKind.AddWatch, Parent, at: 1, zxid: 4) with { Amount = (int)list };

    private static Operation Read(long at, long zxid) => Reply(OperationKind.LocalRead, Parent, (int)at, zxid);
}
