using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Node.Tests.Members;
using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Tests.Replica;

/// <summary>A reconfig that is sent again, since its answer was lost or crossed the question.</summary>
public class LeaderReconfigsTests
{
    private readonly LeadingThree leading = new();
    private readonly ZnodeTree tree = new();
    private readonly List<ReconfigAnswer> answers = [];
    private readonly LeaderReconfigs reconfigs;

    public LeaderReconfigsTests()
    {
        tree.SetGenesis(leading.Genesis.Encode(), "version=0"u8);
        reconfigs = new LeaderReconfigs(
            leading.View, leading.Core, leading.Duties, new WaitingNodes(), leading.Limits);
    }

    [Fact]
    public void A_change_is_made_once_and_answered_again_as_before()
    {
        var request = Leave(id: 7, configId: 0);
        Take(request);
        Take(request);
        Assert.Empty(answers);
        while (answers.Count == 0)
            leading.Tick();
        Assert.Equal(ErrorCode.Ok, answers[0].Error);
        Assert.Equal(leading.Core.Membership.Index, answers[0].Index);

        Apply();
        Take(request);
        Assert.Equal(answers[0], answers[1]);
    }

    [Fact]
    public void The_same_again_as_another_request_is_judged_anew()
    {
        Take(Leave(id: 7, configId: 0));
        while (answers.Count == 0)
            leading.Tick();
        Apply();
        Take(Leave(id: 8, configId: 0));
        Assert.Equal(ErrorCode.BadVersion, answers[1].Error);
    }

    private static ReconfigForward Leave(long id, long configId) =>
        new(id, ReconfigRulesTests.Super, new ReconfigText("", "3", "", configId));

    private void Take(ReconfigForward request) =>
        reconfigs.Take(LeadingThree.Two, request, tree, (_, answer) => answers.Add(answer));

    private void Apply()
    {
        for (var index = tree.AppliedIndex + 1; index < answers[0].Index.Value; index++)
            tree.ApplyEmpty(index);
        tree.ApplyMembership(answers[0].Index.Value, leading.Core.Membership.Encode(), "version=3"u8);
    }
}
