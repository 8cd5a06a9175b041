namespace Coord.Client.Tests;

/// <summary>
/// client-sdk.md 4.2: a handle is valid until a moment that is always earlier than the cluster's own.
/// </summary>
public sealed class SessionDeadlineTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(9);

    [Fact]
    public void The_acceptance_of_the_session_is_the_first_proof()
    {
        var deadline = Make(ProofRule.ConfirmedWrites);

        Assert.Equal(Life, deadline.Remaining(At(0)));
        Assert.False(deadline.HasPassed(At(8.999)));
        Assert.True(deadline.HasPassed(At(9)));
    }

    [Fact]
    public void A_server_that_proves_sessions_proves_by_pings_and_writes_but_not_by_reads()
    {
        var deadline = Make(ProofRule.ServerProves);

        deadline.OnReply(At(3), ReplyKind.Read);
        Assert.Equal(TimeSpan.FromSeconds(6), deadline.Remaining(At(3)));
        deadline.OnReply(At(3), ReplyKind.Ping);
        Assert.Equal(Life, deadline.Remaining(At(3)));
    }

    [Fact]
    public void On_plain_ZooKeeper_a_write_counts_once_a_later_one_is_answered()
    {
        var deadline = Make(ProofRule.ConfirmedWrites);

        deadline.OnReply(At(3), ReplyKind.Write);
        Assert.Equal(TimeSpan.FromSeconds(6), deadline.Remaining(At(3)));
        deadline.OnReply(At(4), ReplyKind.Write);
        Assert.Equal(TimeSpan.FromSeconds(5), deadline.Remaining(At(4)));
        deadline.OnReply(At(6.4), ReplyKind.Write);
        Assert.Equal(TimeSpan.FromSeconds(3 + 9 - 6.4), deadline.Remaining(At(6.4)));
    }

    [Fact]
    public void A_reply_that_arrives_late_never_moves_the_deadline_back()
    {
        var deadline = Make(ProofRule.ServerProves);

        deadline.OnReply(At(5), ReplyKind.Write);
        deadline.OnReply(At(2), ReplyKind.Ping);

        Assert.Equal(Life, deadline.Remaining(At(5)));
    }

    /// <summary>
    /// Monotonic time stands still while a machine sleeps; the larger of two clocks errs on the side of letting go.
    /// </summary>
    [Fact]
    public void A_suspended_machine_is_judged_by_the_wall_clock()
    {
        var deadline = Make(ProofRule.ServerProves);
        var awake = new Moment(TimeSpan.FromSeconds(1).Ticks, TimeSpan.FromSeconds(3600).Ticks);

        Assert.True(deadline.HasPassed(awake));
    }

    [Fact]
    public void A_wall_clock_set_back_is_ignored()
    {
        var deadline = Make(ProofRule.ServerProves);
        var now = new Moment(TimeSpan.FromSeconds(9).Ticks, -TimeSpan.FromSeconds(3600).Ticks);

        Assert.True(deadline.HasPassed(now));
    }

    [Fact]
    public void Without_handles_any_reply_keeps_the_session()
    {
        var deadline = new SessionDeadline(Timeout, 0.1, ProofRule.ConfirmedWrites, At(0));

        deadline.OnReply(At(8), ReplyKind.Ping);

        Assert.False(deadline.HasPassed(At(12)));
        Assert.False(deadline.NeedsWrites);
    }

    /// <summary>The first recipe after a quiet hour must not cost the session; it only waits for real proof.</summary>
    [Fact]
    public void Requiring_proof_after_a_quiet_hour_loses_nothing()
    {
        var deadline = new SessionDeadline(Timeout, 0.1, ProofRule.ConfirmedWrites, At(0));
        deadline.OnReply(At(3600), ReplyKind.Ping);

        deadline.RequireProof(At(3601));

        Assert.True(deadline.NeedsWrites);
        Assert.False(deadline.HasPassed(At(3601)));
        Assert.True(deadline.Remaining(At(3601)) <= TimeSpan.Zero);
        deadline.OnReply(At(3602), ReplyKind.Write);
        deadline.OnReply(At(3605.5), ReplyKind.Write);
        Assert.Equal(TimeSpan.FromSeconds(3602 + 9 - 3606), deadline.Remaining(At(3606)));
    }

    [Fact]
    public void A_new_connection_confirms_no_write_of_the_old_one()
    {
        var deadline = Make(ProofRule.ConfirmedWrites);
        deadline.OnReply(At(5), ReplyKind.Write);

        deadline.OnAccepted(At(2), Timeout, ProofRule.ConfirmedWrites);
        deadline.OnReply(At(9), ReplyKind.Write);

        Assert.Equal(TimeSpan.FromSeconds(2 + 9 - 9), deadline.Remaining(At(9)));
    }

    private static SessionDeadline Make(ProofRule rule)
    {
        var deadline = new SessionDeadline(Timeout, 0.1, rule, At(0));
        deadline.RequireProof(At(0));
        return deadline;
    }

    private static Moment At(double seconds) =>
        new(TimeSpan.FromSeconds(seconds).Ticks, TimeSpan.FromSeconds(seconds).Ticks);
}
