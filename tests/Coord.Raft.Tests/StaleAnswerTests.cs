namespace Coord.Raft.Tests;

/// <summary>Answers that come late, twice or from an earlier term move nothing (raft-design R7, R8, E7).</summary>
public sealed class StaleAnswerTests
{
    // Raft-design R15: one input tells both that a link dropped and that a message was thrown away. Promotion of a
    // learner waits for its link (M9), and must not wait for the next handshake.
    [Fact]
    public void An_answer_shows_that_the_link_is_still_up()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        cluster.Link(leader);
        leader.Step(new PeerUnreachable(new NodeId(2)));
        Assert.False(leader.Core.Status.Peers[0].IsLinked);
        cluster.Ticks(cluster.Settings.HeartbeatTicks);
        Assert.True(leader.Core.Status.Peers[0].IsLinked);
    }

    // Raft-design R7: in Probe, only the rejection of what was asked last counts.
    [Fact]
    public void A_late_rejection_does_not_move_a_probe()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Given(1, term: 2, votedFor: null, 1, 1, 1, 2, 2);
        cluster.Given(2, term: 2, votedFor: null, 1);
        cluster.Partition([1, 3], [2]);
        var leader = cluster.Elect(1);
        Assert.Equal(RaftRole.Leader, leader.Core.Role);
        var before = Peer(leader, 2);
        Assert.Equal(PeerState.Probe, before.State);
        leader.Receive(new NodeId(2), Rejection(leader, index: 3, hint: 1));
        Assert.Equal(before.Next, Peer(leader, 2).Next);
        leader.Receive(new NodeId(2), Rejection(leader, index: 5, hint: 1));
        Assert.Equal(new LogIndex(2), Peer(leader, 2).Next);
    }

    // Raft-design R7: in Replicate, a rejection at or below what was acknowledged is old.
    [Fact]
    public void A_late_rejection_does_not_stop_a_stream()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        cluster.Propose(1, "a", "b");
        cluster.Stabilize();
        leader.Receive(new NodeId(2), Rejection(leader, index: 3, hint: 1));
        Assert.Equal((PeerState.Replicate, new LogIndex(4)), (Peer(leader, 2).State, Peer(leader, 2).Next));
    }

    // Raft-design R8, BR5: acknowledgements out of order never move match or next back.
    [Fact]
    public void Acknowledgements_out_of_order_move_nothing_back()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        cluster.Propose(1, "a", "b");
        cluster.Stabilize();
        leader.Receive(
            new NodeId(2),
            new AppendResponse(leader.Core.Term, Accepted: true, new LogIndex(1), default, default, 0));
        Assert.Equal((new LogIndex(3), new LogIndex(4)), (Peer(leader, 2).Match, Peer(leader, 2).Next));
    }

    // Raft-design E7: answers of an earlier term are no sign of life in this one, and acknowledge nothing.
    [Fact]
    public void An_answer_of_an_earlier_term_counts_for_nothing()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Given(1, term: 4, votedFor: null, 1, 4);
        cluster.Given(2, term: 4, votedFor: null, 1);
        cluster.Partition([1, 3], [2]);
        var leader = cluster.Elect(1);
        leader.Receive(
            new NodeId(2),
            new AppendResponse(new Term(4), Accepted: true, new LogIndex(2), default, default, 0));
        Assert.Equal(default, Peer(leader, 2).Match);
        Assert.False(leader.Core.State.Peers[0].Heard);
    }

    // Raft-design R12: entries read from disk for a peer that moved on meanwhile are dropped.
    [Fact]
    public void Entries_fetched_for_an_outdated_next_are_dropped()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Stabilize();
        leader.Step(new EntriesFetched(new NodeId(2), new LogIndex(1), leader.Disk.Read(new LogIndex(1), 1_000)));
        cluster.Turn(leader);
        Assert.Empty(cluster.Network);
    }

    // Raft-design C6: what was read behind the committed entries may have been replaced before it is looked at.
    [Fact]
    public void Entries_read_before_their_replacement_are_not_applied()
    {
        var cluster = new ScenarioCluster(3);
        cluster.Given(2, term: 1, votedFor: null, 1, 1, 1, 1);
        var follower = cluster[2];
        follower.Crash();
        follower.Restart(tail: 0);
        var (leader, term) = (new NodeId(1), new Term(2));
        Entry[] replacing = [new(term, new LogIndex(3), EntryKind.Empty, default)];
        follower.Receive(leader, new AppendRequest(term, new LogIndex(2), new Term(1), new LogIndex(2), 0, replacing));
        follower.Turn();
        var fetch = Assert.Single(follower.Fetches);
        var read = follower.Disk.Read(fetch.First, fetch.MaxBytes);
        Assert.Equal(4, read!.Count);
        follower.Persist();
        follower.Receive(leader, new Heartbeat(term, new LogIndex(3), 0));
        follower.Step(new EntriesFetched(follower.Id, fetch.First, read));
        follower.Turn();
        follower.Turn();
        follower.Apply();
        Assert.Equal([1, 1, 2], follower.AppliedEntries.Select(entry => entry.Term.Value));
    }

    // Raft-design R12: an answer to a question of an earlier office may hold entries that were replaced since.
    [Fact]
    public void Entries_fetched_in_an_earlier_office_are_dropped()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        cluster.Propose(1, "a");
        cluster.Stabilize();
        var peer = leader.Core.State.Peers[0];
        peer.Fetching = new LogIndex(2);
        Entry[] older = [new(new Term(0), new LogIndex(2), EntryKind.Command, default)];
        leader.Step(new EntriesFetched(peer.Id, new LogIndex(2), older));
        Assert.Equal((default, null), (peer.Fetching, peer.Fetched));
    }

    // Raft-design section 6: a report about a snapshot that is not being sent changes nothing.
    [Fact]
    public void A_report_about_an_older_snapshot_changes_nothing()
    {
        var cluster = new ScenarioCluster(3);
        var leader = cluster.Elect(1);
        leader.Step(new SnapshotSent(new NodeId(2), Success: true, new LogIndex(1)));
        Assert.Equal(PeerState.Replicate, Peer(leader, 2).State);
    }

    private static PeerStatus Peer(TestNode leader, int peer) =>
        leader.Core.Status.Peers.Single(status => status.Id == new NodeId(peer));

    private static AppendResponse Rejection(TestNode leader, long index, long hint) => new(
        leader.Core.Term,
        Accepted: false,
        new LogIndex(index),
        new LogIndex(hint),
        new Term(1),
        0);
}
