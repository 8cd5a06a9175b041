namespace Coord.Raft.Tests;


public sealed class QuorumProperties
{
    // BC2: openraft#1802 and d60f1e85 were slips in this arithmetic. Brute force over all subsets, up to nine voters.
    [Fact]
    public void The_highest_reached_number_is_the_best_that_some_majority_has() => Facts.Hold(script =>
    {
        var values = new long[script.Between(1, 9)];
        for (var i = 0; i < values.Length; i++)
            values[i] = script.Below(12);
        Assert.Equal(BestOfAllMajorities(values), Quorum.HighestReached([.. values]));
    }, cases: 1_000, length: 12);

    [Fact]
    public void Any_two_majorities_share_a_voter()
    {
        for (var voters = 1; voters <= 9; voters++)
            Assert.True((2 * Quorum.Size(voters)) > voters && (2 * (Quorum.Size(voters) - 1)) <= voters);
    }

    [Fact]
    public void A_round_is_lost_exactly_when_no_further_answers_could_win_it()
    {
        for (var voters = 1; voters <= 9; voters++)
        {
            for (var refusals = 0; refusals <= voters; refusals++)
                Assert.Equal(!Quorum.IsReached(voters - refusals, voters), Quorum.IsLost(refusals, voters));
        }
    }

    // BE6, BE9: a tally counts each voter once, its first answer, and strangers never.
    [Fact]
    public void A_tally_counts_the_first_answer_of_each_voter() => Facts.Hold(script =>
    {
        var voters = Enumerable.Range(1, script.Between(1, 7)).Select(number => new NodeId(number)).ToArray();
        var tally = new VoteTally();
        var quorum = new JointQuorum(Membership.OfVoters(voters));
        var first = new Dictionary<NodeId, bool>();
        while (script.HasMore)
        {
            var voter = new NodeId(script.Between(1, 9));
            var granted = script.Below(2) == 0;
            tally.Note(voter, granted);
            if (voters.Contains(voter))
                first.TryAdd(voter, granted);
            Assert.Equal(Quorum.IsReached(first.Values.Count(answer => answer), voters.Length), tally.IsWon(quorum));
            Assert.Equal(Quorum.IsLost(first.Values.Count(answer => !answer), voters.Length), tally.IsLost(quorum));
        }
    }, length: 20);

    private static long BestOfAllMajorities(long[] values)
    {
        var best = long.MinValue;
        for (var subset = 1; subset < 1 << values.Length; subset++)
        {
            var members = values.Where((_, i) => (subset & (1 << i)) != 0).ToArray();
            if (members.Length >= Quorum.Size(values.Length))
                best = Math.Max(best, members.Min());
        }

        return best;
    }
}
