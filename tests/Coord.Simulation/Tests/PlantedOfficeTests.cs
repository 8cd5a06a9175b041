using System.Buffers.Binary;
using Coord.Raft;
using Coord.Simulation.Checks;
using Coord.Simulation.Disk;
using Coord.Simulation.Faults;
using Coord.Simulation.Runs;
using Coord.Simulation.Time;

namespace Coord.Simulation.Tests;

/// <summary>raft-design T11, for what nodes say of their memberships, peers and offices.</summary>
public class PlantedOfficeTests
{
    private static readonly Membership Founders =
        Membership.OfVoters([new NodeId(1), new NodeId(2), new NodeId(3)]);

    // BM3: the entry is gone, and what it said goes on.
    [Fact]
    public void A_membership_that_outlives_its_entry_is_found()
    {
        var checker = new MembershipChecker(Founders);
        var log = new NodeLog();
        var added = Founders with { Learners = [new NodeId(4)] };
        var entry = new Entry(new Term(1), new LogIndex(1), EntryKind.Membership, added.Encode());
        Assert.True(Membership.TryDecode(entry.Payload, entry.Index, out var active));
        checker.Appended(2, entry, isLeader: false, commit: 0);
        log.Append(new LogAppend(1, null, entry.Index, [entry]));
        checker.Turned(2, active, log);

        var other = new Entry(new Term(2), new LogIndex(1), EntryKind.Command, default);
        log.Append(new LogAppend(2, null, other.Index, [other]));
        Assert.Throws<SimulationFailedException>(() => checker.Turned(2, active, log));
        checker.Turned(2, Founders, log);
    }

    // P30.4, of a process that lost its disk for the second time: the entry for the first one proves nothing.
    [Fact]
    public void A_recovery_that_ends_before_its_own_entry_is_committed_is_found()
    {
        var checker = new RecoveryChecker();
        checker.Appended(Point(index: 1, node: 2, start: 7));
        checker.Appended(Point(index: 2, node: 2, start: 8));
        checker.Commit(1, 1);
        Assert.Throws<SimulationFailedException>(() => checker.HasRecovered(2, 8));
        checker.Commit(2, 1);
        checker.HasRecovered(2, 8);
    }

    // E11, R7: an answer to another office, or about another log.
    [Fact]
    public void An_entry_that_counts_as_acknowledged_and_is_on_no_disk_is_found()
    {
        var checker = new RaftChecker(3);
        var entry = new Entry(new Term(1), new LogIndex(1), EntryKind.Empty, default);
        foreach (var node in new[] { 1, 2 })
            checker.Appended(node, new LogAppend(1, null, entry.Index, [entry]));

        checker.Appended(2, new LogAppend(2, new HardState(new Term(1), new NodeId(1)), new LogIndex(2), []));
        checker.Persisted(2, 2);
        checker.Sending(2, 1, new VoteResponse(new Term(1), Granted: true, PreVote: false));
        checker.Turned(1, Leader(Peer(2, match: 1, unheard: 0), Peer(3, match: 0, unheard: 0)), 0, 0);
        Assert.Throws<SimulationFailedException>(
            () => checker.Turned(1, Leader(Peer(2, match: 1, unheard: 0), Peer(3, match: 1, unheard: 0)), 0, 0));
    }

    // E7: only where nobody stands still, and a new leader has time to hear them.
    [Fact]
    public void A_leader_that_nobody_answers_any_more_is_found()
    {
        var events = new EventQueue();
        var shape = RunShape.Draw(new SeededRandom(1), nodes: 3) with { Faults = FaultSet.None };
        var offices = new OfficeChecker(events, shape);
        var silent = Leader(Peer(2, match: 0, unheard: 1_000), Peer(3, match: 0, unheard: 1_000));
        offices.Turned(silent);
        events.At(60_000_000, () => { });
        Assert.True(events.RunNext(60_000_000));
        offices.Turned(Leader(Peer(2, match: 0, unheard: 1_000), Peer(3, match: 0, unheard: 1)));
        Assert.Throws<SimulationFailedException>(() => offices.Turned(silent));
    }

    private static Entry Point(long index, int node, long start)
    {
        var payload = new byte[sizeof(int) + sizeof(long)];
        BinaryPrimitives.WriteInt32LittleEndian(payload, node);
        BinaryPrimitives.WriteInt64LittleEndian(payload.AsSpan(sizeof(int)), start);
        return new Entry(new Term(1), new LogIndex(index), EntryKind.RecoveryPoint, payload);
    }

    private static PeerStatus Peer(int id, long match, long unheard) => new(
        new NodeId(id),
        PeerState.Replicate,
        new LogIndex(match),
        new LogIndex(match + 1),
        InFlightMessages: 0,
        InFlightBytes: 0,
        TicksSinceHeard: unheard,
        IsLearner: false,
        IsLinked: true,
        IsRecovering: false);

    private static RaftStatus Leader(params PeerStatus[] peers) => new(
        new NodeId(1),
        RaftRole.Leader,
        new Term(1),
        new NodeId(1),
        default,
        default,
        default,
        default,
        default,
        null,
        Founders,
        IsRecovering: false,
        RecoveringVoters: [],
        IsQuorumRecovering: false,
        peers);
}
