using Coord.Node.Replica;
using Coord.Raft;
using Coord.StateMachine;
using Microsoft.Extensions.Logging.Abstractions;

namespace Coord.Node.Tests.Replica;

/// <summary>What a leader does for the sessions of all nodes.</summary>
public class LeaderDutiesTests
{
    private readonly ReplicaView view = new LeadingThree().View;
    private readonly SessionExpiry expiry = new();
    private readonly ZnodeTree tree = new();
    private readonly LeaderDuties duties;

    // It knows no leader, and refuses all.
    private readonly RaftCore refusing = new(
        new RaftSettings(), new RaftStart { Id = LeadingThree.One, Membership = new LeadingThree().Genesis, Seed = 1 });

    public LeaderDutiesTests()
    {
        var limits = NodeLimits.Default;
        duties = new LeaderDuties(
            view, expiry, new ZnodeSweep(view, limits, NullLogger.Instance), new EntryBuffer(), new NoLinks(), limits);
        duties.LoadTimers(tree);
    }

    [Fact]
    public void Sessions_whose_end_was_refused_get_a_full_timeout_and_no_others()
    {
        view.BeginTurn(10_000, 10_000);
        for (var session = 1; session <= 3; session++)
            expiry.Track(session, timeoutMs: 4000, nowMs: 10_000);
        expiry.Track(4, timeoutMs: 40_000, nowMs: 10_000);
        view.BeginTurn(15_000, 15_000);
        duties.ExpireSessions(refusing, tree);
        Assert.False(expiry.Contact(1, 15_000));

        Assert.Equal(3, RefuseAll());

        Assert.Equal(
            [19_000, 19_000, 19_000, 50_000], Enumerable.Range(1, 4).Select(each => expiry.DueMs(each)!.Value));
        view.BeginTurn(19_001, 19_001);
        duties.ExpireSessions(refusing, tree);
        Assert.Equal(3, RefuseAll());
        Assert.Equal(23_001, expiry.DueMs(2));
    }

    [Fact]
    public void What_was_refused_of_an_earlier_office_says_nothing_of_this_one()
    {
        view.BeginTurn(10_000, 10_000);
        expiry.Track(1, timeoutMs: 4000, nowMs: 10_000);
        view.BeginTurn(15_000, 15_000);
        duties.ExpireSessions(refusing, tree);
        duties.Reset();
        expiry.Track(1, timeoutMs: 4000, nowMs: 15_000);
        view.BeginTurn(16_000, 16_000);

        RefuseAll();

        Assert.Equal(19_000, expiry.DueMs(1));
    }

    private int RefuseAll()
    {
        var refused = refusing.TakeReady().Rejected.ToList();
        refused.ForEach(duties.Refused);
        return refused.Sum(each => each.Count);
    }
}
