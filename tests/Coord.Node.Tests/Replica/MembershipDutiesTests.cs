using Coord.Node.Admin;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Replica;
using Coord.Raft;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Node.Tests.Replica;

/// <summary>raft-design M8: node 1 leads three, and is told to take out node 2 while node 3 is silent.</summary>
public class MembershipDutiesTests
{
    private static readonly NodeId One = new(1);
    private static readonly NodeId Two = new(2);
    private static readonly NodeId Three = new(3);
    private static readonly NodeLimits Limits = NodeLimits.Default;

    private readonly RaftCore core = Founded();
    private readonly ReplicaView view = new(One, processStart: 1);
    private readonly MembershipDuties duties;
    private readonly List<MembershipOutcome> outcomes = [];
    private readonly HashSet<NodeId> answering = [Two, Three];
    private long nowMs;
    private long beganMs;

    public MembershipDutiesTests()
    {
        duties = new MembershipDuties(view, core, Limits, NullLogger.Instance);
        while (!view.IsLeader || core.Commit == default)
            Tick();
        core.Step(new PeerUnreachable(Three));
        answering.Remove(Three);
    }

    [Fact]
    public void A_node_that_was_silent_for_a_moment_is_no_reason_to_refuse()
    {
        Remove(Two);
        for (var waitedMs = 0; waitedMs < 500; waitedMs += 10)
            Tick();
        Assert.Empty(outcomes);
        answering.Add(Three);
        while (outcomes.Count == 0)
            Tick();
        Assert.Equal(AdminOutcome.Done, outcomes[0].Outcome);
        Assert.Equal([One, Three], core.Membership.Voters);
    }

    [Fact]
    public void A_node_that_stays_silent_is_and_by_name_of_what_would_be_left()
    {
        Remove(Two);
        while (outcomes.Count == 0)
            Tick();
        Assert.Equal(AdminOutcome.Refused, outcomes[0].Outcome);
        Assert.Contains("would leave 1 of 2 voters reachable", outcomes[0].Text, StringComparison.Ordinal);
        Assert.Equal(Limits.ReachPatience.TotalMilliseconds, nowMs - beganMs, tolerance: 20);
        Assert.Equal(3, core.Membership.Voters.Count);
    }

    private void Remove(NodeId node)
    {
        beganMs = nowMs;
        duties.Begin(new MembershipChange(
            [new DismissStep([node])], force: false, "done", nowMs + 60_000, outcomes.Add));
    }

    private void Tick()
    {
        nowMs += 10;
        view.BeginTurn(nowMs, nowMs);
        duties.Tick();
        core.Step(new Tick(1));
        for (var ready = core.TakeReady(); ; ready = core.TakeReady())
        {
            if (ready.StatusIfChanged is { } status)
                view.Update(status);
            foreach (var refusal in ready.ChangesRefused)
                duties.Refused(refusal);
            if (ready.Append is { } append)
                core.Step(new Persisted(append.Sequence));
            if (ready.Committed.Count > 0)
                core.Step(new Applied(ready.Committed[^1].Index));
            var messages = ready.Messages.Concat(ready.MessagesAfterPersist).ToList();
            messages.ForEach(Answer);
            if (messages.Count == 0 && ready.Append is null && ready.Committed.Count == 0)
                return;
        }
    }

    private void Answer(OutboundMessage message)
    {
        if (!answering.Contains(message.To))
            return;
        RaftMessage? answer = message.Message switch
        {
            VoteRequest vote => new VoteResponse(vote.Term, Granted: true, vote.PreVote),
            Heartbeat beat => new HeartbeatResponse(beat.Term, beat.BarrierRound, IsStorageFull: false),
            AppendRequest append => new AppendResponse(
                append.Term, Accepted: true, new LogIndex(append.PreviousIndex.Value + append.Entries.Count), default,
                default, append.BarrierRound),
            _ => null,
        };
        if (answer is not null)
            core.Step(new Received(message.To, answer));
    }

    private static RaftCore Founded()
    {
        var directory = new MemberDirectory(new[] { One, Two, Three }.Select(id => new Member(
            id, (UInt128)id.Value, At(100 + id.Value), At(200 + id.Value), At(300 + id.Value))));
        var genesis = new Membership { Voters = [One, Two, Three], Directory = directory.Encode() };
        return new RaftCore(new RaftSettings(), new RaftStart { Id = One, Membership = genesis, Seed = 1 });
    }

    private static NodeAddress At(int port) => new("127.0.0.1", port);
}
