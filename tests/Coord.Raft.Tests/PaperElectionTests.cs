namespace Coord.Raft.Tests;


/// <summary>Claims of Ongaro's dissertation about terms, roles and elections, one test each.</summary>
public sealed class PaperElectionTests
{
    private static readonly RaftSettings Settings = new();

    // Thesis 3.3: if one server's current term is smaller than the other's, it updates to the larger value.
    [Theory]
    [InlineData("append")]
    [InlineData("heartbeat")]
    [InlineData("vote request")]
    [InlineData("append response")]
    [InlineData("vote response")]
    public void A_higher_term_in_any_message_is_adopted(string kind)
    {
        var node = new ScenarioCluster(3)[1];
        node.Receive(new NodeId(2), kind switch
        {
            "append" => new AppendRequest(new Term(4), default, default, default, 0, []),
            "heartbeat" => new Heartbeat(new Term(4), default, 0),
            "vote request" => new VoteRequest(new Term(4), default, default, PreVote: false, Transfer: false),
            "append response" => new AppendResponse(new Term(4), Accepted: false, default, default, default, 0),
            _ => new VoteResponse(new Term(4), Granted: false, PreVote: false),
        });
        Assert.Equal(new Term(4), node.Core.Term);
    }

    // Thesis 3.3: if a candidate or leader discovers that its term is out of date, it reverts to follower.
    [Fact]
    public void A_leader_that_learns_of_a_higher_term_becomes_follower()
    {
        var leader = new ScenarioCluster(3).Elect(1);
        leader.Receive(new NodeId(2), new AppendResponse(new Term(9), Accepted: false, default, default, default, 0));
        Assert.Equal(RaftRole.Follower, leader.Core.Role);
        Assert.Equal(new Term(9), leader.Core.Term);
        Assert.Null(leader.Core.Leader);
    }

    // Thesis 3.3: a server that receives a request with a stale term number rejects it.
    [Fact]
    public void A_stale_append_is_refused_with_the_own_term()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Given(1, term: 5, votedFor: null);
        cluster[1].Receive(new NodeId(2), new AppendRequest(new Term(4), default, default, default, 0, []));
        cluster.Turn(cluster[1]);
        var answer = Assert.IsType<AppendResponse>(Assert.Single(cluster.Network).Message);
        Assert.False(answer.Accepted);
        Assert.Equal(new Term(5), answer.Term);
    }

    // Thesis 3.4: when servers start up, they begin as followers.
    [Fact]
    public void A_node_starts_as_follower() =>
        Assert.All(new ScenarioCluster(3).Nodes, node => Assert.Equal(RaftRole.Follower, node.Core.Role));

    // Thesis 3.4: a server remains a follower as long as it receives valid messages from a leader.
    [Fact]
    public void Heartbeats_keep_followers_from_campaigning()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Elect(1);
        cluster.Ticks(10 * Settings.ElectionTicks);
        Assert.Equal(RaftRole.Leader, cluster[1].Core.Role);
        Assert.Equal(new Term(1), cluster[1].Core.Term);
    }

    // Thesis 3.4: leaders send periodic heartbeats to all followers to maintain their authority.
    [Fact]
    public void A_leader_sends_a_heartbeat_to_everybody_each_interval()
    {
        var cluster = new ScenarioCluster(5);
        var leader = cluster.Elect(1);
        leader.Step(new Tick(Settings.HeartbeatTicks));
        cluster.Turn(leader);
        Assert.Equal([2, 3, 4, 5], cluster.Network.Where(p => p.Message is Heartbeat).Select(p => p.To.Value));
    }

    // Thesis 3.4: a follower that receives no communication over the election timeout begins an election.
    [Fact]
    public void A_follower_campaigns_after_silence()
    {
        var cluster = new ScenarioCluster(3);
        var node = cluster[1];
        for (var i = 0; i < 2 * Settings.ElectionTicks; i++)
            node.Step(new Tick(1));
        Assert.Equal(RaftRole.PreCandidate, node.Core.Role);
    }

    // Thesis 3.4: to begin an election, a follower increments its current term, votes for itself and asks all others.
    [Fact]
    public void A_campaign_uses_up_a_term_and_the_own_vote()
    {
        var cluster = new ScenarioCluster(3);
        var node = cluster[1];
        cluster.Campaign(1);
        node.Receive(new NodeId(2), new VoteResponse(new Term(1), Granted: true, PreVote: true));
        cluster.Turn(node);
        cluster.Persist(node);
        Assert.Equal(RaftRole.Candidate, node.Core.Role);
        Assert.Equal(new HardState(new Term(1), node.Id), node.Disk.HardState);
        Assert.Equal([2, 3], VoteRequestsIn(cluster));
    }

    // Thesis 3.4: a candidate wins if it receives votes from a majority of the full cluster in the same term.
    [Theory]
    [InlineData(3, 1, true)]
    [InlineData(3, 0, false)]
    [InlineData(5, 2, true)]
    [InlineData(5, 1, false)]
    [InlineData(4, 1, false)]
    [InlineData(7, 3, true)]
    [InlineData(7, 2, false)]
    public void A_candidate_wins_with_a_majority_of_all(int nodes, int grants, bool wins)
    {
        var cluster = new ScenarioCluster(nodes);
        var candidate = Candidate(cluster);
        for (var voter = 2; voter < 2 + grants; voter++)
            candidate.Receive(new NodeId(voter), new VoteResponse(candidate.Core.Term, Granted: true, PreVote: false));
        Assert.Equal(wins, candidate.Core.Role == RaftRole.Leader);
    }

    // Thesis 3.4: each vote counts once, however often it is told.
    [Fact]
    public void A_repeated_grant_counts_once()
    {
        var cluster = new ScenarioCluster(5);
        var candidate = Candidate(cluster);
        for (var i = 0; i < 3; i++)
            candidate.Receive(new NodeId(2), new VoteResponse(candidate.Core.Term, Granted: true, PreVote: false));
        Assert.Equal(RaftRole.Candidate, candidate.Core.Role);
    }

    // Thesis 3.4: each server votes for at most one candidate in a given term, first come first served.
    [Fact]
    public void A_node_votes_once_per_term()
    {
        var cluster = new ScenarioCluster(3);
        var node = cluster[3];
        var request = new VoteRequest(new Term(1), default, default, PreVote: false, Transfer: false);
        node.Receive(new NodeId(1), request);
        node.Receive(new NodeId(2), request);
        cluster.Turn(node);
        cluster.Persist(node);
        var answers = cluster.Network.ToDictionary(p => p.To.Value, p => ((VoteResponse)p.Message!).Granted);
        Assert.True(answers[1]);
        Assert.False(answers[2]);
    }

    // Thesis 3.8: each server persists its current term and vote, so that it cannot vote twice after a restart.
    [Fact]
    public void A_vote_survives_a_restart()
    {
        var cluster = new ScenarioCluster(3);
        var node = cluster[3];
        var request = new VoteRequest(new Term(1), default, default, PreVote: false, Transfer: false);
        node.Receive(new NodeId(1), request);
        cluster.Turn(node);
        cluster.Persist(node);
        node.Crash();
        node.Restart();
        node.Receive(new NodeId(2), request);
        cluster.Turn(node);
        Assert.False(Assert.IsType<VoteResponse>(cluster.Network[^1].Message).Granted);
    }

    // Thesis 3.4: a candidate that hears a leader whose term is at least as large recognises it and becomes follower.
    [Fact]
    public void A_candidate_yields_to_the_leader_of_its_term()
    {
        var cluster = new ScenarioCluster(3);
        var candidate = Candidate(cluster);
        candidate.Receive(new NodeId(2), new AppendRequest(candidate.Core.Term, default, default, default, 0, []));
        Assert.Equal(RaftRole.Follower, candidate.Core.Role);
        Assert.Equal(new NodeId(2), candidate.Core.Leader);
    }

    // Thesis 3.4: a candidate ignores a leader of an older term and stays candidate.
    [Fact]
    public void A_candidate_ignores_an_older_leader()
    {
        var cluster = new ScenarioCluster(3);
        var candidate = Candidate(cluster);
        candidate.Receive(new NodeId(2), new Heartbeat(default, default, 0));
        Assert.Equal(RaftRole.Candidate, candidate.Core.Role);
    }

    // Thesis 3.4: after a split vote, each candidate times out and starts a new election.
    [Fact]
    public void A_split_vote_is_followed_by_another_election()
    {
        var cluster = new ScenarioCluster(4);
        cluster.Campaign(1);
        cluster.Campaign(2);
        cluster.Stabilize();
        cluster.Ticks(6 * Settings.ElectionTicks);
        Assert.Single(cluster.Nodes, node => node.Core.Role == RaftRole.Leader);
    }

    // Thesis 3.4: election timeouts are chosen randomly from a fixed interval, here [T, 2T).
    [Fact]
    public void Timeouts_are_spread_over_T_to_2T()
    {
        var timer = new ElectionTimer(Settings, seed: 42);
        var drawn = new HashSet<int>();
        for (var i = 0; i < 2_000; i++)
        {
            timer.Reset();
            Assert.InRange(timer.Left, Settings.ElectionTicks, (2 * Settings.ElectionTicks) - 1);
            drawn.Add(timer.Left);
        }

        Assert.Equal(Settings.ElectionTicks, drawn.Count);
    }

    // Thesis 3.6.1: the voter denies its vote if its own log is more up-to-date: later last term, or same and longer.
    [Theory]
    [InlineData(2, 5, 2, 5, true)]
    [InlineData(2, 6, 2, 5, true)]
    [InlineData(3, 1, 2, 5, true)]
    [InlineData(2, 4, 2, 5, false)]
    [InlineData(1, 9, 2, 5, false)]
    public void A_vote_goes_only_to_a_log_at_least_as_up_to_date(
        long lastTerm,
        long lastIndex,
        long ownLastTerm,
        long ownLastIndex,
        bool upToDate)
    {
        Assert.Equal(upToDate, VoteRules.IsUpToDate(
            new Term(lastTerm),
            new LogIndex(lastIndex),
            new Term(ownLastTerm),
            new LogIndex(ownLastIndex)));
    }

    // Thesis 3.6.1: the restriction is enforced by the voter.
    [Fact]
    public void A_shorter_log_gets_no_vote()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Given(2, term: 1, votedFor: null, 1, 1, 1);
        cluster[2].Receive(
            new NodeId(1),
            new VoteRequest(new Term(2), new LogIndex(2), new Term(1), PreVote: false, Transfer: false));
        cluster.Turn(cluster[2]);
        Assert.False(Assert.IsType<VoteResponse>(Assert.Single(cluster.Network).Message).Granted);
        Assert.Equal(new Term(2), cluster[2].Core.Term);
    }

    // Thesis 4.2.3: a server that hears from a leader within the minimum election timeout ignores vote requests.
    [Fact]
    public void A_vote_request_does_not_disturb_a_live_leader()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Elect(1);
        cluster[2].Receive(
            new NodeId(3),
            new VoteRequest(new Term(7), new LogIndex(9), new Term(6), PreVote: false, Transfer: false));
        Assert.Equal(new Term(1), cluster[2].Core.Term);
    }

    // Thesis 9.6: in pre-vote, a candidate increments its term only if it could win.
    [Fact]
    public void A_cut_off_node_never_raises_its_term()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Elect(1);
        cluster.Partition([1, 2], [3]);
        cluster.Ticks(20 * Settings.ElectionTicks);
        Assert.Equal(new Term(1), cluster[3].Core.Term);
        cluster.Heal();
        cluster.Ticks(2 * Settings.ElectionTicks);
        Assert.Equal(RaftRole.Leader, cluster[1].Core.Role);
        Assert.Equal(new Term(1), cluster[1].Core.Term);
    }

    // Thesis 6.2: a leader steps down if an election timeout elapses without heartbeats acknowledged by a majority.
    [Fact]
    public void A_leader_without_a_quorum_steps_down()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        cluster.Partition([1], [2, 3]);
        cluster.Ticks(2 * Settings.ElectionTicks);
        Assert.NotEqual(RaftRole.Leader, leader.Core.Role);
        cluster.Ticks(4 * Settings.ElectionTicks);
        Assert.Contains(cluster.Nodes, node => node.Id != leader.Id && node.Core.Role == RaftRole.Leader);
    }

    // Thesis 3.10: the prior leader stops taking requests, brings the target's log up to date, then sends TimeoutNow;
    // the target begins an election at once.
    [Fact]
    public void Leadership_moves_to_the_chosen_target_within_one_election()
    {
        var cluster = new ScenarioCluster(5);
        var leader = cluster.Elect(1);
        cluster.Propose(1, "a");
        leader.Step(new TransferLeadership(new NodeId(4)));
        cluster.Stabilize();
        Assert.Equal(RaftRole.Leader, cluster[4].Core.Role);
        Assert.Equal(new Term(2), cluster[4].Core.Term);
    }

    private static TestNode Candidate(ScenarioCluster cluster)
    {
        var node = cluster[1];
        cluster.Campaign(1);
        for (var voter = 2; voter <= cluster.Voters.Count; voter++)
            node.Receive(new NodeId(voter), new VoteResponse(node.Core.Term.Next, Granted: true, PreVote: true));
        cluster.Turn(node);
        cluster.Persist(node);
        Assert.Equal(RaftRole.Candidate, node.Core.Role);
        return node;
    }

    private static IEnumerable<int> VoteRequestsIn(ScenarioCluster cluster) =>
        cluster.Network.Where(p => p.Message is VoteRequest { PreVote: false }).Select(p => p.To.Value);
}
