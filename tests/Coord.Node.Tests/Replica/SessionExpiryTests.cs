using Coord.Node.Replica;

namespace Coord.Node.Tests.Replica;

public class SessionExpiryTests
{
    private const long Session = 7;

    private readonly SessionExpiry expiry = new();

    [Fact]
    public void A_session_ends_after_its_timeout_and_never_at_it()
    {
        expiry.Track(Session, timeoutMs: 4000, nowMs: 100);

        Assert.Empty(expiry.TakeDue(4100, most: 10));
        Assert.Equal([Session], expiry.TakeDue(4101, most: 10));
    }

    [Fact]
    public void A_contact_gives_the_whole_timeout_again()
    {
        expiry.Track(Session, timeoutMs: 4000, nowMs: 0);
        Assert.True(expiry.Contact(Session, nowMs: 3900));

        Assert.Empty(expiry.TakeDue(7900, most: 10));
        Assert.Equal([Session], expiry.TakeDue(7901, most: 10));
    }

    [Fact]
    public void Nothing_is_promised_to_a_session_whose_end_is_on_its_way()
    {
        // A ping answered now would tell a lock holder that it holds on, while the end stands in the log.
        expiry.Track(Session, timeoutMs: 4000, nowMs: 0);
        expiry.TakeDue(5000, most: 10);

        Assert.False(expiry.Contact(Session, nowMs: 5001));
    }

    [Fact]
    public void A_session_is_ended_once_and_again_only_when_its_end_was_refused()
    {
        expiry.Track(Session, timeoutMs: 4000, nowMs: 0);
        Assert.Equal([Session], expiry.TakeDue(5000, most: 10));
        Assert.Empty(expiry.TakeDue(9999, most: 10));

        expiry.Revive(Session, nowMs: 10_000);

        Assert.Empty(expiry.TakeDue(14_000, most: 10));
        Assert.Equal([Session], expiry.TakeDue(14_001, most: 10));
    }

    [Fact]
    public void A_leader_that_was_paused_gives_everybody_a_full_timeout()
    {
        // raft-design E14: contacts may have waited in the queue all the while.
        expiry.Track(Session, timeoutMs: 4000, nowMs: 0);

        expiry.RestartAll(nowMs: 60_000);

        Assert.Empty(expiry.TakeDue(64_000, most: 10));
    }

    [Fact]
    public void Many_ends_are_spread_over_turns()
    {
        for (var session = 1; session <= 5; session++)
            expiry.Track(session, timeoutMs: 4000, nowMs: 0);

        Assert.Equal(2, expiry.TakeDue(5000, most: 2).Count);
        Assert.Equal(2, expiry.TakeDue(5000, most: 2).Count);
        Assert.Single(expiry.TakeDue(5000, most: 2));
    }
}
