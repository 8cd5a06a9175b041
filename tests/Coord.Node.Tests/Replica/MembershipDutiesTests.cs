using Coord.Node.Admin;
using Coord.Node.Replica;

namespace Coord.Node.Tests.Replica;

/// <summary>raft-design M8: the leader of three is told to take out node 2 while node 3 is silent.</summary>
public class MembershipDutiesTests
{
    private readonly LeadingThree leading = new();
    private readonly List<MembershipOutcome> outcomes = [];
    private readonly long beganMs;

    public MembershipDutiesTests()
    {
        leading.Silence(LeadingThree.Three);
        beganMs = leading.NowMs;
        leading.Duties.Begin(new MembershipChange(
            [new DismissStep([LeadingThree.Two])], force: false, "done", beganMs + 60_000, outcomes.Add));
    }

    [Fact]
    public void A_node_that_was_silent_for_a_moment_is_no_reason_to_refuse()
    {
        while (leading.NowMs < beganMs + 500)
            leading.Tick();
        Assert.Empty(outcomes);
        leading.Hear(LeadingThree.Three);
        while (outcomes.Count == 0)
            leading.Tick();
        Assert.Equal(AdminOutcome.Done, outcomes[0].Outcome);
        Assert.Equal([LeadingThree.One, LeadingThree.Three], leading.Core.Membership.Voters);
    }

    [Fact]
    public void A_node_that_stays_silent_is_one_and_the_refusal_counts_what_would_be_left()
    {
        while (outcomes.Count == 0)
            leading.Tick();
        Assert.Equal(AdminOutcome.Refused, outcomes[0].Outcome);
        Assert.Contains("would leave 1 of 2 voters reachable", outcomes[0].Text, StringComparison.Ordinal);
        Assert.Equal(leading.Limits.ReachPatience.TotalMilliseconds, leading.NowMs - beganMs, tolerance: 20);
        Assert.Equal(3, leading.Core.Membership.Voters.Count);
    }
}
