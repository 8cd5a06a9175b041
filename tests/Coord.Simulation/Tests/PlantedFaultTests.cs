using System.Text;
using Coord.Raft;
using Coord.Simulation.Checks;
using Coord.Simulation.Clients;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Tests;

/// <summary>raft-design T11: a checker that finds nothing wrong may be one that sees nothing.</summary>
public class PlantedFaultTests
{
    private static readonly Membership Founders =
        Membership.OfVoters([new NodeId(1), new NodeId(2), new NodeId(3)]);

    private readonly History _history = new();
    private int _xid;

    [Fact]
    public void A_plain_history_passes()
    {
        Set("a", invoked: 1, completed: 5, zxid: 10, version: 1);
        Get("a", invoked: 6, completed: 8, zxid: 10, mzxid: 10, version: 1, synced: true);
        Set("b", invoked: 2, completed: 9, zxid: 11, version: 2);
        HistoryChecker.Check(_history);
    }

    [Fact]
    public void Two_writes_against_the_order_of_time_are_found()
    {
        Set("a", invoked: 1, completed: 5, zxid: 12, version: 2);
        Set("b", invoked: 6, completed: 9, zxid: 11, version: 1);
        Found("a write answered before another began");
    }

    [Fact]
    public void One_zxid_for_two_writes_is_found()
    {
        Set("a", invoked: 1, completed: 5, zxid: 12, version: 1);
        Set("b", invoked: 2, completed: 9, zxid: 12, version: 2);
        Found("two writes with one zxid");
    }

    [Fact]
    public void A_write_without_effect_on_the_version_is_found()
    {
        Set("a", invoked: 1, completed: 5, zxid: 12, version: 1);
        Set("b", invoked: 2, completed: 9, zxid: 13, version: 1);
        Found("versions do not grow");
    }

    [Fact]
    public void A_stale_synced_read_is_found()
    {
        Set("a", invoked: 1, completed: 2, zxid: 10, version: 1);
        Set("b", invoked: 3, completed: 4, zxid: 11, version: 2);
        Get("a", invoked: 5, completed: 6, zxid: 11, mzxid: 10, version: 1, synced: true);
        Found("a synced read shows a state before");
    }

    [Fact]
    public void A_synced_read_at_an_older_zxid_is_found()
    {
        Set("a", invoked: 1, completed: 2, zxid: 10, version: 1);
        Set("b", invoked: 3, completed: 4, zxid: 11, version: 2);
        Get("a", invoked: 5, completed: 6, zxid: 10, mzxid: 10, version: 1, synced: true);
        Found("a synced read misses");
    }

    [Fact]
    public void A_value_that_nobody_wrote_is_found()
    {
        Set("a", invoked: 1, completed: 2, zxid: 10, version: 1);
        Get("x", invoked: 3, completed: 4, zxid: 10, mzxid: 9, version: 0, synced: false);
        Found("what nobody wrote");
    }

    [Fact]
    public void A_session_that_misses_its_own_write_is_found()
    {
        Set("a", invoked: 1, completed: 2, zxid: 10, version: 1);
        Set("b", invoked: 3, completed: 4, zxid: 11, version: 2);
        Get("a", invoked: 5, completed: 6, zxid: 11, mzxid: 10, version: 1, synced: false);
        Found("does not read its own write");
    }

    [Fact]
    public void Two_leaders_in_one_term_are_found()
    {
        var checker = new RaftChecker(3);
        Elect(checker, 1, term: 2);
        checker.Turned(1, Status(1, RaftRole.Leader, term: 2, commit: 0), 0, 0);
        Assert.Throws<SimulationFailedException>(
            () => checker.Turned(2, Status(2, RaftRole.Leader, term: 2, commit: 0), 0, 0));
    }

    [Fact]
    public void A_commit_that_one_disk_holds_is_found()
    {
        var checker = new RaftChecker(3);
        foreach (var node in new[] { 1, 2 })
            checker.Appended(node, Append(1, 1, "a"));

        Elect(checker, 1, term: 1);
        checker.Persisted(1, 1);
        Assert.Throws<SimulationFailedException>(
            () => checker.Turned(1, Status(1, RaftRole.Leader, term: 1, commit: 1), 1, 7));
        checker.Persisted(2, 1);
        checker.Turned(2, Status(2, RaftRole.Follower, term: 1, commit: 0), 0, 0);
    }

    [Fact]
    public void A_leader_without_a_committed_entry_is_found()
    {
        var checker = WithCommittedEntry();
        Elect(checker, 3, term: 2);
        Assert.Throws<SimulationFailedException>(
            () => checker.Turned(3, Status(3, RaftRole.Leader, term: 2, commit: 0), 0, 0));
    }

    [Fact]
    public void Different_entries_of_one_index_and_term_are_found()
    {
        var checker = WithCommittedEntry();
        Assert.Throws<SimulationFailedException>(() => checker.Appended(3, Append(1, 1, "b")));
    }

    [Fact]
    public void Different_states_at_one_index_are_found()
    {
        var checker = WithCommittedEntry();
        checker.Turned(1, Status(1, RaftRole.Leader, term: 1, commit: 1), 1, digest: 7);
        Assert.Throws<SimulationFailedException>(
            () => checker.Turned(2, Status(2, RaftRole.Follower, term: 1, commit: 1), 1, digest: 8));
    }

    [Fact]
    public void A_lost_durable_entry_is_found()
    {
        var checker = WithCommittedEntry();
        Assert.Throws<SimulationFailedException>(() => checker.Recovered(2, default, default, last: 0, []));
    }

    [Fact]
    public void A_promise_ahead_of_the_disk_is_found()
    {
        var checker = new RaftChecker(3);
        checker.Appended(1, Append(1, 1, "a"));
        var state = new HardState(new Term(3), new NodeId(2));
        checker.Appended(1, new LogAppend(2, state, new LogIndex(2), []));
        Assert.Throws<SimulationFailedException>(
            () => checker.Sending(1, 2, new VoteResponse(new Term(3), Granted: true, PreVote: false)));
        checker.Persisted(1, 2);
        checker.Sending(1, 2, new VoteResponse(new Term(3), Granted: true, PreVote: false));
    }

    [Fact]
    public void A_leader_without_a_quorum_of_votes_is_found()
    {
        var checker = new RaftChecker(3);
        Assert.Throws<SimulationFailedException>(
            () => checker.Turned(2, Status(2, RaftRole.Leader, term: 2, commit: 0), 0, 0));
    }

    [Fact]
    public void Two_votes_in_one_term_are_found()
    {
        var votes = new VoteChecker();
        votes.Sending(1, 2, new VoteResponse(new Term(3), Granted: true, PreVote: false));
        Assert.Throws<SimulationFailedException>(
            () => votes.Sending(1, 3, new VoteResponse(new Term(3), Granted: true, PreVote: false)));
    }

    [Fact]
    public void A_recovering_node_that_votes_or_campaigns_is_found()
    {
        var votes = new VoteChecker();
        votes.Recovered(1, default, isRecovering: true);
        Assert.Throws<SimulationFailedException>(
            () => votes.Sending(1, 2, new VoteResponse(new Term(3), Granted: true, PreVote: true)));
        votes.HasRecovered(1);
        votes.Sending(1, 2, new VoteResponse(new Term(3), Granted: true, PreVote: true));
    }

    // BC2, BM1: majorities that need not meet.
    [Fact]
    public void Memberships_whose_quorums_need_not_meet_are_found()
    {
        NodeId[] Nodes(params int[] ids) => [.. ids.Select(id => new NodeId(id))];
        var three = Membership.OfVoters(Nodes(1, 2, 3));
        var four = Membership.OfVoters(Nodes(1, 2, 3, 4));
        var five = Membership.OfVoters(Nodes(1, 2, 3, 4, 5));
        Assert.True(Quorums.Overlap(three, four));
        Assert.False(Quorums.Overlap(three, five));
        Assert.True(Quorums.Overlap(three, five with { OutgoingVoters = three.Voters }));
    }

    private static RaftChecker WithCommittedEntry()
    {
        var checker = new RaftChecker(3);
        foreach (var node in new[] { 1, 2 })
        {
            checker.Appended(node, Append(1, 1, "a"));
            checker.Persisted(node, 1);
        }

        Elect(checker, 1, term: 1);
        checker.Turned(1, Status(1, RaftRole.Leader, term: 1, commit: 1), 0, 0);
        return checker;
    }

    // Writes, flushes and tells the votes that make a leader.
    private static void Elect(RaftChecker checker, int leader, long term)
    {
        var voter = ((leader + 1) % 3) + 1;
        checker.Appended(voter, new LogAppend(9, new HardState(new Term(term), new NodeId(leader)), default, []));
        checker.Persisted(voter, 9);
        checker.Sending(voter, leader, new VoteResponse(new Term(term), Granted: true, PreVote: false));
    }

    private static LogAppend Append(long index, long term, string payload) => new(
        1,
        null,
        new LogIndex(index),
        [new Entry(new Term(term), new LogIndex(index), EntryKind.Command, Encoding.UTF8.GetBytes(payload))]);

    private static RaftStatus Status(int node, RaftRole role, long term, long commit) => new(
        new NodeId(node),
        role,
        new Term(term),
        null,
        new LogIndex(commit),
        default,
        default,
        default,
        default,
        null,
        Founders,
        IsRecovering: false,
        RecoveringVoters: [],
        IsQuorumRecovering: false,
        []);

    private void Found(string what)
    {
        var failure = Assert.Throws<SimulationFailedException>(() => HistoryChecker.Check(_history));
        Assert.Contains(what, failure.Message, StringComparison.Ordinal);
    }

    private void Set(string value, long invoked, long completed, long zxid, int version)
    {
        var operation = Begin(OperationKind.Set, value, invoked, synced: false);
        operation.Complete(completed, zxid, 0, Stat(zxid, version).AsSpan(4));
    }

    private void Get(string value, long invoked, long completed, long zxid, long mzxid, int version, bool synced)
    {
        var operation = Begin(OperationKind.Get, "", invoked, synced);
        var body = new Wire().Text(value).Frame().AsSpan(4).ToArray().Concat(Stat(mzxid, version).Skip(4)).ToArray();
        operation.Complete(completed, zxid, 0, body);
    }

    private Operation Begin(OperationKind kind, string value, long invoked, bool synced)
    {
        var operation = new Operation
        {
            Client = 1,
            SessionNumber = 0,
            Request = new Request(kind, "/register-0") { Value = value },
            Xid = ++_xid,
            SyncedSince = synced ? invoked : -1,
            Invoked = invoked,
        }.Begin();
        _history.Operations.Add(operation);
        return operation;
    }

    private static byte[] Stat(long mzxid, int version) => new Wire().Long(1).Long(mzxid).Long(0).Long(0).Int(version)
        .Int(0).Int(0).Long(0).Int(1).Int(0).Long(1).Frame();
}
