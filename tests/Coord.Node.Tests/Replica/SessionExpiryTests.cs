using Coord.Node.Replica;

namespace Coord.Node.Tests.Replica;

public class SessionExpiryTests
{
    private const long Session = 7;

    private readonly SessionExpiry expiry = new();
    private readonly Dictionary<long, int> ephemerals = [];

    [Fact]
    public void A_session_ends_after_its_timeout_and_never_at_it()
    {
        expiry.Track(Session, timeoutMs: 4000, nowMs: 100);

        Assert.Empty(TakeDue(4100));
        Assert.Equal([Session], TakeDue(4101));
    }

    [Fact]
    public void A_contact_gives_the_whole_timeout_again()
    {
        expiry.Track(Session, timeoutMs: 4000, nowMs: 0);
        Assert.True(expiry.Contact(Session, nowMs: 3900));

        Assert.Empty(TakeDue(7900));
        Assert.Equal([Session], TakeDue(7901));
    }

    [Fact]
    public void Nothing_is_promised_to_a_session_whose_end_is_on_its_way()
    {
        // A ping answered now would tell a lock holder that it holds on, while the end stands in the log.
        expiry.Track(Session, timeoutMs: 4000, nowMs: 0);
        TakeDue(5000);

        Assert.False(expiry.Contact(Session, nowMs: 5001));
    }

    [Fact]
    public void A_session_is_ended_once_and_again_only_when_its_end_was_refused()
    {
        expiry.Track(Session, timeoutMs: 4000, nowMs: 0);
        Assert.Equal([Session], TakeDue(5000));
        Assert.Empty(TakeDue(9999));

        expiry.Revive(Session, nowMs: 10_000);

        Assert.Empty(TakeDue(14_000));
        Assert.Equal([Session], TakeDue(14_001));
    }

    [Fact]
    public void A_leader_that_was_paused_gives_everybody_a_full_timeout()
    {
        // raft-design E14: contacts may have waited in the queue all the while.
        expiry.Track(Session, timeoutMs: 4000, nowMs: 0);

        expiry.RestartAll(nowMs: 60_000);

        Assert.Empty(TakeDue(64_000));
    }

    [Fact]
    public void Many_ends_are_spread_over_turns()
    {
        for (var session = 1; session <= 5; session++)
            expiry.Track(session, timeoutMs: 4000, nowMs: 0);

        Assert.Equal(2, TakeDue(5000, most: 2).Count);
        Assert.Equal(2, TakeDue(5000, most: 2).Count);
        Assert.Single(TakeDue(5000, most: 2));
    }

    [Fact]
    public void A_turn_ends_no_more_sessions_than_it_can_delete_ephemerals()
    {
        // Each takes all of its ephemerals with it in one entry: a few sessions may mean a hundred thousand znodes.
        int[] counts = [3, 5, 1, 100, 4, 4];
        for (var session = 1; session <= counts.Length; session++)
        {
            expiry.Track(session, timeoutMs: 4000, nowMs: session);
            ephemerals[session] = counts[session - 1];
        }

        Assert.Equal([1L, 2L], TakeDue(5000));
        Assert.Equal([3L], TakeDue(5000));
        Assert.Equal([4L], TakeDue(5000));
        Assert.Equal([5L, 6L], TakeDue(5000));
        Assert.Empty(TakeDue(50_000));
    }

    [Fact]
    public void A_shorter_timeout_holds_at_once()
    {
        // A client that comes back may ask for another timeout: what was noted for the longer one is not waited for.
        expiry.Track(Session, timeoutMs: 40_000, nowMs: 0);
        expiry.Track(Session, timeoutMs: 4000, nowMs: 1000);

        Assert.Equal([Session], TakeDue(5001));
        Assert.Empty(TakeDue(40_001));
    }

    [Fact]
    public void Who_is_gone_is_not_ended()
    {
        expiry.Track(Session, timeoutMs: 4000, nowMs: 0);
        expiry.Remove(Session);

        Assert.Empty(TakeDue(5000));
    }

    [Fact]
    public void However_many_timers_are_due_one_turn_looks_at_a_share_of_them()
    {
        // A fleet that came at once pings: all timers are due for a look at once, and none of them is over.
        for (var session = 1; session <= 5; session++)
        {
            expiry.Track(session, timeoutMs: 4000, nowMs: 0);
            expiry.Contact(session, nowMs: 2000);
        }

        expiry.Track(Session, timeoutMs: 4000, nowMs: 1);

        Assert.Empty(TakeDue(4002, looksMax: 3));
        Assert.Equal([Session], TakeDue(4002, looksMax: 3));
        Assert.Empty(TakeDue(6000));
        Assert.Equal(5, TakeDue(6001).Count);
    }

    [Fact]
    public void Sessions_that_come_and_go_leave_no_more_behind_than_there_are()
    {
        const int Hours = 24 * 3_600_000;
        expiry.Track(Session, timeoutMs: 4000, nowMs: 0);
        for (var session = 1; session <= 50_000; session++)
        {
            expiry.Track(1000 + session, Hours, nowMs: 0);
            expiry.Remove(1000 + session);
            expiry.Track(1, Hours, nowMs: session);
        }

        Assert.InRange(expiry.Looks, 2, 2_000);
        Assert.Equal([Session], TakeDue(4001));
        Assert.Empty(TakeDue(50_000 + Hours, looksMax: 2_000));
        Assert.Equal([1L], TakeDue(50_001 + Hours, looksMax: 2_000));
    }

    [Fact]
    public void A_session_whose_end_is_on_its_way_is_not_ended_again_while_others_come_and_go()
    {
        expiry.Track(Session, timeoutMs: 4000, nowMs: 0);
        Assert.Equal([Session], TakeDue(5000));
        for (var count = 0; count < 5_000; count++)
            expiry.Track(1, timeoutMs: 40_000, nowMs: 5000);

        Assert.Empty(TakeDue(20_000));
    }

    private IReadOnlyList<long> TakeDue(long nowMs, int most = 10, int looksMax = 100) => expiry.TakeDue(
        nowMs,
        new NodeLimits
        {
            ExpiriesPerTurnMax = most, ExpiryLooksPerTurnMax = looksMax, ExpiredEphemeralsPerTurnMax = 8,
        },
        session => ephemerals.GetValueOrDefault(session));
}
