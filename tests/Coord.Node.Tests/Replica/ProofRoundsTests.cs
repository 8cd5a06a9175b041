using Coord.Node.Clients;
using Coord.Node.Replica;

namespace Coord.Node.Tests.Replica;

public class ProofRoundsTests
{
    private readonly ProofRounds rounds = new();

    [Fact]
    public void A_ping_that_arrives_during_a_round_waits_for_the_next_one()
    {
        // raft-design Q4: only what was sent after the request counts.
        var early = Connected(1);
        var late = Connected(2);
        var first = rounds.Join(early);
        rounds.Begin(nowMs: 0);
        var second = rounds.Join(late);
        rounds.Answered(rounds.Attempt, index: 10);

        Assert.True(rounds.TryComplete(appliedIndex: 10, out _));
        Assert.Equal(first, rounds.CompletedRound);
        Assert.True(second > rounds.CompletedRound);
        Assert.True(rounds.ShouldBegin);
    }

    [Fact]
    public void A_round_completes_only_when_this_node_has_applied_what_the_leader_named()
    {
        rounds.Join(Connected(1));
        rounds.Begin(nowMs: 0);
        rounds.Answered(rounds.Attempt, index: 10);

        Assert.False(rounds.TryComplete(appliedIndex: 9, out _));
        Assert.True(rounds.TryComplete(appliedIndex: 10, out var sessions));
        Assert.Single(sessions);
    }

    [Fact]
    public void The_answer_to_an_attempt_that_was_given_up_counts_for_nothing()
    {
        // raft-design Q5: the old leader's answer may come after a new one was asked.
        rounds.Join(Connected(1));
        rounds.Begin(nowMs: 0);
        var old = rounds.Attempt;
        rounds.BeginAttempt(nowMs: 5);

        rounds.Answered(old, index: 1);

        Assert.True(rounds.IsAwaitingAnswer);
        Assert.False(rounds.TryComplete(appliedIndex: 100, out _));
    }

    [Fact]
    public void Contacts_are_reported_once_and_again_with_a_repeated_attempt()
    {
        var session = Connected(7);
        rounds.Touch(session);
        rounds.Touch(session);
        rounds.Begin(nowMs: 0);
        Assert.Equal([7], rounds.ReportedSessions);

        rounds.BeginAttempt(nowMs: 5);

        Assert.Equal([7], rounds.ReportedSessions);
        Assert.False(rounds.HasContacts);
    }

    private static ClientSession Connected(long id) =>
        new(new NoTransport()) { Id = id, Phase = ClientPhase.Connected };
}
