using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Tests;

/// <summary>What a watcher may see, with a register that changes at zxid 5 and 9.</summary>
public sealed class WatchRulesTests
{
    private const string Key = "/jepsen/register-0";
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

    private static void Holds(params Operation[] seen) => Assert.Empty(Findings(seen));

    private static void Breaks(params Operation[] seen) => Assert.Equal("watch", Findings(seen)[0].Rule);

    private static List<Finding> Findings(Operation[] seen)
    {
        var findings = new List<Finding>();
        WatchRules.Check([Change(zxid: 5), Change(zxid: 9), .. seen], findings);
        return findings;
    }

    private static Operation Change(long zxid) =>
        Seen(OperationKind.Set, at: 100, zxid) with { Session = 1, Process = 1, Tag = zxid };

    private static Operation Seen(OperationKind kind, int at, long zxid) => new()
    {
        Process = Watcher, Session = Watcher, Connection = 1, Key = Key, Kind = kind, Invoked = at, Completed = at,
        Zxid = zxid,
    };
}
