namespace Coord.Raft.Tests;


/// <summary>Claims of Ongaro's dissertation about logs, commit, snapshots and reads, one test each.</summary>
public sealed class PaperReplicationTests
{
    private static readonly RaftSettings Settings = new();

    // Thesis 3.5: the leader appends the command to its log as a new entry, then sends it to all others in parallel.
    [Fact]
    public void A_proposal_is_appended_and_sent_to_everybody_at_once()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        cluster.Propose(1, "a");
        var ready = cluster.Turn(leader);
        Assert.Equal([new LogIndex(2)], ready.Append!.Entries.Select(entry => entry.Index));
        Assert.Equal([2, 3], cluster.Network.Where(p => p.Message is AppendRequest).Select(p => p.To.Value));
    }

    // Thesis 3.5: each entry stores the term in which it was created and its index.
    [Fact]
    public void An_entry_carries_term_and_index()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Elect(1);
        cluster.Propose(1, "a", "b");
        cluster.Stabilize();
        Assert.Equal(
            [(1, 1), (2, 1), (3, 1)],
            cluster[3].Disk.Entries.Select(entry => ((int)entry.Index.Value, (int)entry.Term.Value)));
    }

    // Thesis 3.5: an entry is committed once the leader that created it has replicated it on a majority.
    [Theory]
    [InlineData(3, 0, false)]
    [InlineData(3, 1, true)]
    [InlineData(5, 1, false)]
    [InlineData(5, 2, true)]
    public void An_entry_is_committed_by_a_majority(int nodes, int acknowledgements, bool committed)
    {
        var cluster = new ScenarioCluster(nodes);
        var leader = cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Turn(leader);
        cluster.Persist(leader);
        for (var peer = 2; peer < 2 + acknowledgements; peer++)
            Acknowledge(leader, peer, 2);
        Assert.Equal(committed ? 2 : 1, leader.Core.Commit.Value);
    }

    // Thesis 10.2.1: the leader may even commit an entry before it has been written to its own disk, if a majority of
    // followers have written it to theirs; its own copy counts only when durable.
    [Fact]
    public void The_leaders_own_copy_counts_when_it_is_durable()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Turn(leader);
        Acknowledge(leader, 2, 2);
        Assert.Equal(1, leader.Core.Commit.Value);
        Acknowledge(leader, 3, 2);
        Assert.Equal(2, leader.Core.Commit.Value);
        Assert.Empty(cluster.Turn(leader).Committed);
        cluster.Persist(leader);
        Assert.Equal([new LogIndex(2)], cluster.Turn(leader).Committed.Select(entry => entry.Index));
    }

    // Thesis 3.5: committing an entry commits all preceding ones, also those of previous leaders.
    [Fact]
    public void Commit_covers_entries_of_previous_leaders()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Given(1, term: 2, votedFor: null, 1, 2, 2);
        cluster.Given(2, term: 2, votedFor: null, 1);
        var leader = cluster.Elect(1);
        Assert.Equal(new LogIndex(4), leader.Core.Commit);
        Assert.Equal(4, leader.AppliedEntries.Count);
    }

    // Thesis 3.5: the leader tells the highest committed index in later messages, so that others learn of it.
    [Fact]
    public void Followers_learn_the_commit_index_from_messages()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Stabilize();
        Assert.All(cluster.Nodes, node => Assert.Equal(new LogIndex(2), node.Core.Commit));
    }

    // Thesis 3.5: once a follower learns that an entry is committed, it applies it in log order.
    [Fact]
    public void Entries_are_applied_in_log_order_on_every_node()
    {
        var cluster = new ScenarioCluster(3, new RaftSettings { CommittedEntriesMax = 3 });
        cluster.Elect(1);
        cluster.Propose(1, [.. Enumerable.Range(0, 50).Select(number => $"{number}")]);
        cluster.Stabilize();
        Assert.All(cluster.Nodes, node => Assert.Equal(
            Enumerable.Range(1, 51),
            node.AppliedEntries.Select(entry => (int)entry.Index.Value)));
    }

    // Thesis 3.5: the leader includes the index and term of the preceding entry; without it the follower refuses.
    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(2, 2, true)]
    [InlineData(2, 1, false)]
    [InlineData(3, 2, false)]
    [InlineData(0, 0, true)]
    public void The_consistency_check_compares_the_preceding_entry(long index, long term, bool accepted)
    {
        var cluster = new ScenarioCluster(3);
        var follower = cluster.Given(2, term: 2, votedFor: null, 1, 2);
        follower.Receive(
            new NodeId(1),
            new AppendRequest(new Term(3), new LogIndex(index), new Term(term), default, 0, []));
        cluster.Turn(follower);
        cluster.Persist(follower);
        Assert.Equal(accepted, Assert.IsType<AppendResponse>(Assert.Single(cluster.Network).Message).Accepted);
    }

    // Thesis 3.5: a follower deletes conflicting entries and appends what it lacks.
    [Theory]
    [InlineData(0, "3", "3")]
    [InlineData(1, "4", "1,4")]
    [InlineData(1, "2", "1,2")]
    [InlineData(2, "3,3", "1,2,3,3")]
    [InlineData(1, "3,4", "1,3,4")]
    public void A_conflict_replaces_the_rest_of_the_log(long previous, string entryTerms, string expected)
    {
        var cluster = new ScenarioCluster(3);
        var follower = cluster.Given(2, term: 2, votedFor: null, 1, 2);
        var terms = entryTerms.Split(',').Select(long.Parse).ToArray();
        var previousTerm = new long[] { 0, 1, 2 }[previous];
        follower.Receive(new NodeId(1), new AppendRequest(
            new Term(5),
            new LogIndex(previous),
            new Term(previousTerm),
            default,
            0,
            [.. terms.Select((term, i) => TestEntry(term, previous + 1 + i))]));
        cluster.Turn(follower);
        cluster.Persist(follower);
        Assert.Equal(expected, string.Join(',', follower.Disk.Entries.Select(entry => entry.Term)));
    }

    // Thesis 3.5: entries that are there already are not touched, so a delayed message removes nothing.
    [Fact]
    public void A_delayed_append_removes_nothing()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Elect(1);
        cluster.Propose(1, "a", "b", "c");
        cluster.Stabilize();
        var first = cluster[1].Disk.EntryAt(new LogIndex(2));
        cluster[2].Receive(
            new NodeId(1),
            new AppendRequest(new Term(1), new LogIndex(1), new Term(1), new LogIndex(1), 0, [first]));
        cluster.Stabilize();
        Assert.Equal(new LogIndex(4), cluster[2].LastIndex);
    }

    // Thesis 3.5: a leader never overwrites or deletes entries in its own log (Leader Append-Only).
    [Fact]
    public void A_leader_only_appends()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Given(1, term: 3, votedFor: null, 1, 2, 3);
        cluster.Given(2, term: 3, votedFor: null, 1, 1, 1, 1, 1);
        var leader = cluster.Elect(1);
        Assert.Equal("1,2,3,4", string.Join(',', leader.Disk.Entries.Select(entry => entry.Term)));
        Assert.Equal("1,2,3,4", string.Join(',', cluster[2].Disk.Entries.Select(entry => entry.Term)));
    }

    // Thesis 3.5: with hints, one refusal per conflicting term is enough (figure 3.6).
    [Fact]
    public void Divergent_logs_meet_in_one_round_trip_per_term()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Given(1, term: 5, votedFor: null, [1, .. Enumerable.Repeat(5L, 1_000)]);
        cluster.Given(2, term: 4, votedFor: null, [1, .. Enumerable.Repeat(2L, 500), .. Enumerable.Repeat(3L, 400)]);
        var refusals = 0;
        cluster.Campaign(1);
        for (var i = 0; i < 40; i++)
        {
            foreach (var node in cluster.Nodes)
            {
                cluster.Turn(node);
                cluster.Persist(node);
            }

            refusals += cluster.Network.Count(p =>
                p.From == new NodeId(2) && p.Message is AppendResponse { Accepted: false });
            cluster.Deliver(_ => true);
        }

        Assert.Equal(cluster[1].LastIndex, cluster[2].LastIndex);
        Assert.InRange(refusals, 1, 4);
    }

    // Thesis 3.5: if followers crash or run slowly, the leader retries until all followers have all entries.
    [Fact]
    public void A_follower_that_was_away_gets_everything()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Elect(1);
        cluster.Crash(cluster[3]);
        cluster.Propose(1, "a", "b");
        cluster.Stabilize();
        cluster.Drop(packet => packet.To == cluster[3].Id);
        cluster[3].Restart();
        cluster.Ticks(4 * Settings.HeartbeatTicks);
        Assert.Equal(cluster[1].StateHash, cluster[3].StateHash);
    }

    // Thesis 3.6.2: only entries of the leader's current term are committed by counting (figure 3.7).
    [Fact]
    public void An_entry_of_an_older_term_is_not_committed_by_counting()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Given(1, term: 2, votedFor: null, 1, 2);
        cluster.Campaign(1);
        var leader = cluster[1];
        leader.Receive(new NodeId(2), new VoteResponse(new Term(3), Granted: true, PreVote: true));
        cluster.Turn(leader);
        cluster.Persist(leader);
        leader.Receive(new NodeId(2), new VoteResponse(new Term(3), Granted: true, PreVote: false));
        cluster.Turn(leader);
        cluster.Persist(leader);
        Acknowledge(leader, 2, 2);
        Assert.Equal(0, leader.Core.Commit.Value);
        Acknowledge(leader, 2, 3);
        Assert.Equal(3, leader.Core.Commit.Value);
    }

    // Thesis 3.6.3: a committed entry is in the log of every later leader (Leader Completeness).
    [Fact]
    public void A_committed_entry_is_in_the_next_leaders_log()
    {
        var cluster = new ScenarioCluster(5);
        cluster.Elect(1);
        cluster.Partition([1, 2, 3], [4, 5]);
        cluster.Propose(1, "kept");
        cluster.Stabilize();
        cluster.Crash(cluster[1]);
        cluster.Heal();
        cluster.ForgetLeaders();
        cluster.Elect(4);
        Assert.NotEqual(RaftRole.Leader, cluster[4].Core.Role);
        cluster.Elect(2);
        Assert.Equal(RaftRole.Leader, cluster[2].Core.Role);
        Assert.Equal(ScenarioCluster.Text("kept"), cluster[4].Disk.EntryAt(new LogIndex(2)).Payload);
    }

    // Thesis 3.7: messages are idempotent; a repeated append does no harm.
    [Fact]
    public void Repeated_messages_do_no_harm()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Turn(leader);
        foreach (var packet in cluster.Network.ToArray())
            cluster.Add(packet.Copy());
        cluster.Stabilize();
        Assert.All(cluster.Nodes, node => Assert.Equal(new LogIndex(2), node.Applied));
    }

    // Thesis 3.8: a follower persists new entries before it acknowledges them.
    [Fact]
    public void An_acceptance_waits_for_the_followers_disk()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Turn(cluster[1]);
        cluster.Deliver(packet => packet.To == new NodeId(2));
        cluster.Turn(cluster[2]);
        Assert.DoesNotContain(cluster.Network, packet => packet.Message is AppendResponse);
        cluster.Persist(cluster[2]);
        Assert.Contains(cluster.Network, packet => packet.Message is AppendResponse { Accepted: true, Index.Value: 2 });
    }

    // Thesis 3.8: the applied index may be lost; after a restart all is applied again in the same order.
    [Fact]
    public void After_a_restart_everything_is_applied_again()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Elect(1);
        cluster.Propose(1, "a", "b");
        cluster.Stabilize();
        var before = cluster[2].StateHash;
        cluster[2].Crash();
        cluster[2].Restart();
        cluster.Ticks(2 * Settings.HeartbeatTicks);
        Assert.Equal(before, cluster[2].StateHash);
    }

    // Thesis 5.3: the leader sends a snapshot to a follower that needs entries which were discarded.
    [Fact]
    public void A_follower_behind_the_log_gets_a_snapshot()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        cluster.Crash(cluster[3]);
        cluster.Propose(1, "a", "b");
        cluster.Stabilize();
        leader.TakeSnapshot();
        cluster.Drop(packet => packet.To == cluster[3].Id);
        cluster[3].Restart();
        cluster.Ticks(4 * Settings.HeartbeatTicks);
        Assert.Equal(new LogIndex(3), cluster[3].Disk.Snapshot.Index);
        Assert.Equal(leader.StateHash, cluster[3].StateHash);
    }

    // Thesis 5.3: if the snapshot describes a prefix of the log, entries behind it are retained.
    [Fact]
    public void A_snapshot_of_a_prefix_keeps_the_rest_of_the_log()
    {
        var cluster = new ScenarioCluster(3);
        var follower = cluster.Given(2, term: 1, votedFor: null, 1, 1, 1, 1);
        follower.Step(new SnapshotReceived(new NodeId(1), new Term(1), new LogIndex(2), new Term(1)));
        var ready = cluster.Turn(follower);
        Assert.Null(ready.InstallSnapshot);
        Assert.Equal(new LogIndex(4), follower.LastIndex);
        Assert.Equal(new LogIndex(2), follower.Core.Commit);
    }

    // Thesis 6.4: a leader must commit an entry of its term before it can serve reads, and confirm its leadership.
    [Fact]
    public void A_read_waits_for_a_quorum_that_still_follows()
    {
        var cluster = new ScenarioCluster(5);
        var leader = cluster.Elect(1);
        leader.Step(new ReadBarrier(7));
        cluster.Turn(leader);
        Assert.Empty(leader.ReadStates);
        leader.Receive(new NodeId(2), new HeartbeatResponse(new Term(1), 1, IsStorageFull: false));
        cluster.Turn(leader);
        Assert.Empty(leader.ReadStates);
        leader.Receive(new NodeId(3), new HeartbeatResponse(new Term(1), 1, IsStorageFull: false));
        cluster.Turn(leader);
        Assert.Equal([new ReadState(7, new LogIndex(1))], leader.ReadStates);
    }

    // Thesis 6.4: a blank no-op entry at the start of the term finds out what is committed.
    [Fact]
    public void A_new_leader_begins_its_term_with_an_empty_entry()
    {
        var leader = new ScenarioCluster(3).Elect(1);
        var entry = Assert.Single(leader.Disk.Entries);
        Assert.Equal((EntryKind.Empty, new Term(1)), (entry.Kind, entry.Term));
    }

    // Thesis 10.2.2: the leader does not wait for an acknowledgement before it sends the next entries.
    [Fact]
    public void Appends_are_pipelined()
    {
        var cluster = new ScenarioCluster(3, new RaftSettings { SmallBatchBytes = 0 });
        var leader = cluster.Elect(1);
        for (var i = 0; i < 4; i++)
        {
            cluster.Propose(1, $"{i}");
            cluster.Turn(leader);
        }

        Assert.Equal(4, cluster.Network.Count(p => p.To.Value == 2 && p.Message is AppendRequest));
    }

    private static Entry TestEntry(long term, long index) =>
        new(new Term(term), new LogIndex(index), EntryKind.Command, ScenarioCluster.Text("x"));

    private static void Acknowledge(TestNode leader, int peer, long index) => leader.Receive(
        new NodeId(peer),
        new AppendResponse(leader.Core.Term, Accepted: true, new LogIndex(index), default, default, 0));
}
