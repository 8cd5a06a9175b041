using Coord.Simulation.Checks;
using Coord.Simulation.Clients;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Tests;

/// <summary>The search for an order and the rules of watches find what is wrong, and nothing else.</summary>
public class HistoryJudgementTests
{
    [Fact]
    public void Overlapping_calls_have_an_order() => Assert.True(LinearizabilityChecker.TryOrder(
    [
        new(true, "a", 0, 10),
        new(true, "b", 2, 12),
        new(false, "b", 3, 5),
        new(false, "a", 6, 9),
    ]));

    [Fact]
    public void A_read_of_what_was_overwritten_before_it_began_has_no_place() =>
        Assert.False(LinearizabilityChecker.TryOrder(
        [
            new(true, "a", 0, 1),
            new(true, "b", 2, 3),
            new(false, "a", 4, 5),
        ]));

    [Fact]
    public void A_value_that_was_read_cannot_be_unread() => Assert.False(LinearizabilityChecker.TryOrder(
    [
        new(true, "a", 0, 1),
        new(true, "b", 2, long.MaxValue),
        new(false, "b", 3, 4),
        new(false, "a", 5, 6),
    ]));

    [Fact]
    public void A_write_without_an_answer_may_come_late() => Assert.True(LinearizabilityChecker.TryOrder(
    [
        new(true, "a", 0, 1),
        new(true, "b", 2, long.MaxValue),
        new(false, "a", 3, 4),
        new(false, "b", 50, 60),
    ]));

    [Fact]
    public void A_change_that_was_shown_without_its_event_is_found()
    {
        var history = WithSet(zxid: 8);
        history.Watches.Add(Watch(setAt: 5, shown: 8));
        var failure = Assert.Throws<SimulationFailedException>(() => WatchChecker.Check(history));
        Assert.Contains("before its event", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_was_not_shown_yet_may_wait()
    {
        var history = WithSet(zxid: 8);
        history.Watches.Add(Watch(setAt: 5, shown: 7));
        history.Watches.Add(Watch(setAt: 8, shown: 9));
        WatchChecker.Check(history);
    }

    [Fact]
    public void An_event_without_a_change_is_found()
    {
        var history = WithSet(zxid: 8);
        var watch = Watch(setAt: 9, shown: 9);
        watch.EventType = 3;
        watch.EventAt = 100;
        history.Watches.Add(watch);
        Assert.Throws<SimulationFailedException>(() => WatchChecker.Check(history));
    }

    private static WatchLife Watch(long setAt, long shown) => new()
    {
        Client = 1,
        SessionNumber = 0,
        Subject = WatchSubject.Data,
        Path = "/register-0",
        SetAtZxid = setAt,
        ShownZxid = shown,
    };

    private static History WithSet(long zxid)
    {
        var set = new Operation
        {
            Client = 2,
            SessionNumber = 1,
            Request = new Request(OperationKind.Set, "/register-0"),
            Xid = 1,
            Invoked = 1,
        }.Begin();
        set.Complete(2, zxid, 0, new byte[68]);
        var history = new History();
        history.Operations.Add(set);
        return history;
    }
}
