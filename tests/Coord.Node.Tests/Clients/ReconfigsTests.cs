using Coord.Node.Clients;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Node.Tests.Processes;
using Coord.Node.Tests.Replica;
using Coord.Protocol;
using Coord.Raft;

namespace Coord.Node.Tests.Clients;

/// <summary>A client's reconfig at its node, while leaders answer, answer twice, or change.</summary>
public class ReconfigsTests
{
    private static readonly ClientSession Client = new(new NoTransport()) { Id = 1, Phase = ClientPhase.Connected };

    private readonly ReplicaView view = new(new NodeId(1), processStart: 3);
    private readonly Reconfigs reconfigs;
    private readonly long id;

    public ReconfigsTests()
    {
        reconfigs = new Reconfigs(view, NodeLimits.Default);
        id = reconfigs.Begin(Client, LeaveOfNode2());
        Lead(term: 1);
        Assert.Equal(id, Assert.Single(reconfigs.TakeDue()).Id);
    }

    [Fact]
    public void A_second_answer_changes_nothing_while_the_first_waits_to_be_applied()
    {
        reconfigs.Answered(new ReconfigAnswer(id, ErrorCode.Ok, new LogIndex(9)));
        reconfigs.Answered(new ReconfigAnswer(id, ErrorCode.BadVersion, default));
        Assert.Empty(reconfigs.TakeEnded(appliedIndex: 8));
        Assert.Equal((Client, ErrorCode.Ok), Assert.Single(reconfigs.TakeEnded(appliedIndex: 9)));
    }

    [Fact]
    public void A_version_that_the_asked_leader_finds_changed_is_refused()
    {
        reconfigs.Answered(new ReconfigAnswer(id, ErrorCode.BadVersion, default));
        Assert.Equal((Client, ErrorCode.BadVersion), Assert.Single(reconfigs.TakeEnded(appliedIndex: 8)));
    }

    // The leader before may have changed it, for this very request.
    [Fact]
    public void A_version_that_the_next_leader_finds_changed_leaves_the_outcome_unknown()
    {
        Lead(term: 2);
        Assert.Equal(id, Assert.Single(reconfigs.TakeDue()).Id);
        reconfigs.Answered(new ReconfigAnswer(id, ErrorCode.BadVersion, default));
        Assert.Equal((Client, ErrorCode.OperationTimeout), Assert.Single(reconfigs.TakeEnded(appliedIndex: 8)));
    }

    [Fact]
    public void Requests_of_an_earlier_process_have_other_names() =>
        Assert.NotEqual(id, new Reconfigs(new ReplicaView(new NodeId(1), processStart: 4), NodeLimits.Default)
            .Begin(Client, LeaveOfNode2()));

    private static PendingRequest LeaveOfNode2() => new()
    {
        Identities = [],
        Body = (byte[])
        [
            .. RawClient.I32(16), .. RawClient.Text(""), .. RawClient.Text("2"), .. RawClient.Text(""),
            .. RawClient.I64(5),
        ],
    };

    private void Lead(long term) =>
        view.Update(new LeadingThree().Core.Status with { Term = new Term(term), Leader = new NodeId(2) });
}
