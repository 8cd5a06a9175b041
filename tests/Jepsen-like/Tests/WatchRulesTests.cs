using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Tests;

/// <summary>What a watcher may see, with a register that changes at zxid 5 and 9.</summary>
public sealed class WatchRulesTests
{
    private const string Key = "/jepsen/register-0";
    private const string Other = "/jepsen/register-1";
    private const int Watcher = 7;

    [Fact]
    public void An_event_ahead_of_the_first_reply_that_could_show_the_change_is_fine()
    {
        Holds(Seen(OperationKind.WatchedRead, at: 1, zxid: 3), Seen(OperationKind.LocalRead, at: 2, zxid: 4),
            Seen(OperationKind.Event, at: 3, zxid: 5), Seen(OperationKind.LocalRead, at: 4, zxid: 6));
    }

    [Fact]
    public void A_reply_ahead_of_the_event_is_found()
    {
        Breaks(Seen(OperationKind.WatchedRead, at: 1, zxid: 3), Seen(OperationKind.LocalRead, at: 2, zxid: 5),
            Seen(OperationKind.Event, at: 3, zxid: 5));
    }

    [Fact]
    public void A_watch_that_never_fires_is_found()
    {
        Breaks(Seen(OperationKind.WatchedRead, at: 1, zxid: 3), Seen(OperationKind.LocalRead, at: 2, zxid: 10));
    }

    [Fact]
    public void A_watch_that_fires_twice_is_found()
    {
        Breaks(Seen(OperationKind.WatchedRead, at: 1, zxid: 3), Seen(OperationKind.Event, at: 2, zxid: 5),
            Seen(OperationKind.Event, at: 3, zxid: 9));
    }

    [Fact]
    public void A_watch_that_fires_for_a_later_change_only_is_found()
    {
        Breaks(Seen(OperationKind.WatchedRead, at: 1, zxid: 3), Seen(OperationKind.Event, at: 2, zxid: 9));
    }

    [Fact]
    public void A_watch_that_fires_for_what_was_read_is_found()
    {
        Breaks(Seen(OperationKind.WatchedRead, at: 1, zxid: 5), Seen(OperationKind.Event, at: 2, zxid: 5));
    }

    [Fact]
    public void A_change_while_disconnected_comes_ahead_of_the_answer_to_setWatches()
    {
        Holds(Seen(OperationKind.WatchedRead, at: 1, zxid: 3),
            Seen(OperationKind.Event, at: 2, zxid: -1) with { Connection = 2 },
            Seen(OperationKind.RestoreWatch, at: 3, zxid: 6) with { Connection = 2 });
    }

    [Fact]
    public void A_change_while_disconnected_that_is_not_told_is_found()
    {
        Breaks(Seen(OperationKind.WatchedRead, at: 1, zxid: 3),
            Seen(OperationKind.RestoreWatch, at: 3, zxid: 6) with { Connection = 2 });
    }

    [Fact]
    public void A_watch_asked_for_again_fires_for_the_next_change()
    {
        Holds(Seen(OperationKind.WatchedRead, at: 1, zxid: 5),
            Seen(OperationKind.RestoreWatch, at: 3, zxid: 7) with { Connection = 2 },
            Seen(OperationKind.Event, at: 4, zxid: 9) with { Connection = 2 });
    }

    [Fact]
    public void A_read_behind_the_event_that_is_older_than_its_change_is_found()
    {
        Breaks(Seen(OperationKind.WatchedRead, at: 1, zxid: 3), Seen(OperationKind.Event, at: 2, zxid: 5),
            Seen(OperationKind.LocalRead, at: 3, zxid: 4));
    }

    [Fact]
    public void A_read_behind_an_event_that_names_no_change_and_still_shows_the_old_data_is_found()
    {
        var watch = Seen(OperationKind.WatchedRead, at: 1, zxid: 3);
        var fired = Seen(OperationKind.Event, at: 2, zxid: -1);
        Holds(watch, fired, Seen(OperationKind.LocalRead, at: 3, zxid: 6) with { ModifiedZxid = 5 });
        Breaks(watch, fired, Seen(OperationKind.LocalRead, at: 3, zxid: 6) with { ModifiedZxid = 2 });
    }

    [Fact]
    public void Another_node_may_be_behind_what_an_event_told()
    {
        Holds(Seen(OperationKind.WatchedRead, at: 1, zxid: 3), Seen(OperationKind.Event, at: 2, zxid: 5),
            Seen(OperationKind.LocalRead, at: 3, zxid: 4) with { Connection = 2 });
    }

    [Fact]
    public void Events_in_another_order_than_their_changes_are_found()
    {
        var other = Seen(OperationKind.WatchedRead, at: 2, zxid: 3) with { Key = Other };
        Operation[] both = [Seen(OperationKind.WatchedRead, at: 1, zxid: 3), other];
        Holds([.. both, Seen(OperationKind.Event, at: 3, zxid: 5), Event(Other, at: 4, zxid: 6)]);
        Breaks([.. both, Event(Other, at: 3, zxid: 6), Seen(OperationKind.Event, at: 4, zxid: 5)]);
    }

    [Fact]
    public void Events_that_name_no_change_and_come_in_another_order_are_found()
    {
        var other = Seen(OperationKind.WatchedRead, at: 2, zxid: 3) with { Key = Other };
        Operation[] both = [Seen(OperationKind.WatchedRead, at: 1, zxid: 3), other];
        Holds([.. both, Seen(OperationKind.Event, at: 3, zxid: -1), Event(Other, at: 4, zxid: -1)]);
        Breaks([.. both, Event(Other, at: 3, zxid: -1), Seen(OperationKind.Event, at: 4, zxid: -1)]);
        Holds([Unknown, .. both, Event(Other, at: 3, zxid: -1), Seen(OperationKind.Event, at: 4, zxid: -1)]);
    }

    [Fact]
    public void A_reply_from_before_the_change_of_an_event_that_names_none_is_found()
    {
        var reply = Seen(OperationKind.LocalRead, at: 3, zxid: 4) with { Key = Other };
        Breaks(Seen(OperationKind.WatchedRead, at: 1, zxid: 3), Seen(OperationKind.Event, at: 2, zxid: -1), reply);
    }

    [Fact]
    public void An_event_where_nothing_can_have_changed_is_found()
    {
        Breaks(Seen(OperationKind.WatchedRead, at: 1, zxid: 9), Seen(OperationKind.Event, at: 2, zxid: -1));
        Holds(Unknown, Seen(OperationKind.WatchedRead, at: 1, zxid: 9), Seen(OperationKind.Event, at: 2, zxid: -1));
    }

    private static void Holds(params Operation[] seen) => Assert.Empty(Findings(seen));

    private static void Breaks(params Operation[] seen) => Assert.Equal("watch", Findings(seen)[0].Rule);

    private static List<Finding> Findings(Operation[] seen)
    {
        var findings = new List<Finding>();
        WatchRules.Check([Change(zxid: 5), Change(zxid: 9), Change(zxid: 6) with { Key = Other }, .. seen], findings);
        return findings;
    }

    private static Operation Unknown => Change(zxid: 0) with { Completed = Operation.Never };

    private static Operation Event(string key, int at, long zxid) =>
        Seen(OperationKind.Event, at, zxid) with { Key = key };

    private static Operation Change(long zxid) =>
        Seen(OperationKind.Set, at: 0, zxid) with { Session = 1, Process = 1, Tag = zxid };

    private static Operation Seen(OperationKind kind, int at, long zxid) => new()
    {
        Process = Watcher, Session = Watcher, Connection = 1, Key = Key, Kind = kind, Invoked = at, Completed = at,
        Zxid = zxid, Amount = kind == OperationKind.Event ? (int)WatchEventType.DataChanged : 0,
    };
}
