using System.Buffers.Binary;
using System.Text;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Replica;
using Coord.Protocol;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Tests.Members;

/// <summary>The conditions of ZooKeeper's reconfig, in its order (zookeeper-protocol 11).</summary>
public sealed class ReconfigRulesTests
{
    private const string JoinFour = "server.4=10.0.0.4:2288:3288:participant;2184";

    /// <summary>The identities of a connection that has shown the super user's password.</summary>
    internal static readonly byte[] Super = Identity("super", "");

    private readonly MemberDirectory directory = new([NewMember(1), NewMember(2), NewMember(3)]);
    private readonly ZnodeTree tree = new();
    private readonly Membership membership;
    private bool isFourWaiting = true;
    private bool isBusy;

    public ReconfigRulesTests()
    {
        membership = new Membership
        {
            Voters = [new NodeId(1), new NodeId(2), new NodeId(3)],
            Directory = directory.Encode(),
        };
        tree.SetGenesis(membership.Encode(), "version=0"u8);
    }

    [Fact]
    public void A_node_that_waits_is_let_in_and_awaited_as_voter()
    {
        Assert.Equal(ErrorCode.Ok, Check(new ReconfigText(JoinFour, "", "", -1), out var steps));
        var admit = Assert.IsType<AdmitStep>(steps[0]);
        Assert.Equal((UInt128)4, admit.Nodes[0].Incarnation);
        Assert.IsType<AwaitVotersStep>(steps[1]);
        Assert.Equal(2, steps.Count);
    }

    [Fact]
    public void An_observer_is_let_in_and_nobody_waits_for_its_vote()
    {
        var observer = JoinFour.Replace("participant", "observer", StringComparison.Ordinal);
        Assert.Equal(ErrorCode.Ok, Check(new ReconfigText(observer, "", "", -1), out var steps));
        Assert.False(Assert.IsType<AdmitStep>(Assert.Single(steps)).Nodes[0].Votes);
    }

    [Fact]
    public void Members_come_before_others_go()
    {
        Assert.Equal(ErrorCode.Ok, Check(new ReconfigText(JoinFour, "3", "", 0), out var steps));
        Assert.Equal(
            [typeof(AdmitStep), typeof(AwaitVotersStep), typeof(DismissStep)], steps.Select(step => step.GetType()));
    }

    [Fact]
    public void Two_members_have_two_peer_addresses_but_one_may_follow_another_at_its_own()
    {
        var atThree = $"server.4={NewMember(3).Peer.Host}:{NewMember(3).Peer.Port}:2288:participant;2184";
        Assert.Equal(ErrorCode.BadArguments, Check(new ReconfigText(atThree, "", "", -1), out _));
        Assert.Equal(ErrorCode.Ok, Check(new ReconfigText(atThree, "3", "", -1), out _));
    }

    [Fact]
    public void A_cluster_has_a_largest_size()
    {
        var most = NodeLimits.Default.ClusterNodesMax;
        var full = new MemberDirectory(Enumerable.Range(1, most).Select(NewMember));
        Assert.Null(Admission.WhyNot(full, [], []));
        Assert.Contains($"at most {most}", Admission.WhyNot(full, [NewMember(most + 1)], []), StringComparison.Ordinal);
        Assert.Null(Admission.WhyNot(full, [NewMember(most + 1)], [new NodeId(1)]));
    }

    [Fact]
    public void A_whole_new_membership_lets_the_others_go()
    {
        const string OneAndTwo = "server.1=10.0.0.1:2281:3281;2181,server.2=10.0.0.2:2281:3281;2181";
        Assert.Equal(ErrorCode.Ok, Check(new ReconfigText("", "", OneAndTwo, -1), out var steps));
        Assert.Equal([new NodeId(3)], steps.OfType<DismissStep>().Single().Nodes);
    }

    [Fact]
    public void A_cluster_of_one_that_never_changed_has_no_reconfig()
    {
        var single = new ZnodeTree();
        Assert.Equal(
            ErrorCode.Unimplemented,
            ReconfigRules.Check(
                new ReconfigText(JoinFour, "", "", -1), new Caller(Super, isUnchecked: false), single, membership,
                directory, _ => null, false, out _));
    }

    [Fact]
    public void Only_one_change_is_under_way_at_a_time()
    {
        isBusy = true;
        Assert.Equal(ErrorCode.ReconfigInProgress, Check(new ReconfigText(JoinFour, "", "", 99), out _));
    }

    [Fact]
    public void Another_version_of_the_configuration_is_refused_before_the_request_is_read() =>
        Assert.Equal(ErrorCode.BadVersion, Check(new ReconfigText("nonsense", "", "", 99), out _));

    [Theory]
    [InlineData("nonsense", "", "")]
    [InlineData("", "x", "")]
    [InlineData("", "", "")]
    [InlineData(JoinFour, "", JoinFour)]
    [InlineData(JoinFour, "4", "")]
    [InlineData("", "2,3", "")]
    public void Requests_that_make_no_sense_are_bad_arguments_even_without_permission(
        string joining, string leaving, string newMembers) =>
        Assert.Equal(
            ErrorCode.BadArguments, Check(new ReconfigText(joining, leaving, newMembers, -1), out _, identities: []));

    [Fact]
    public void A_newcomer_that_does_not_wait_leaves_no_quorum_for_the_new_configuration()
    {
        isFourWaiting = false;
        Assert.Equal(ErrorCode.NewConfigNoQuorum, Check(new ReconfigText(JoinFour, "", "", -1), out _));
    }

    [Fact]
    public void Permission_is_asked_last()
    {
        Assert.Equal(
            ErrorCode.NoAuth, Check(new ReconfigText(JoinFour, "", "", -1), out _, Identity("digest", "ann:hash")));
    }

    private static Member NewMember(int id) => new(
        new NodeId(id),
        (UInt128)id,
        new NodeAddress($"10.0.0.{id}", 2281),
        new NodeAddress($"10.0.0.{id}", 2181),
        new NodeAddress($"10.0.0.{id}", 8081));

    private static byte[] Identity(string scheme, string id)
    {
        var bytes = new byte[12 + scheme.Length + id.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, 1);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), scheme.Length);
        Encoding.ASCII.GetBytes(scheme, bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8 + scheme.Length), id.Length);
        Encoding.ASCII.GetBytes(id, bytes.AsSpan(12 + scheme.Length));
        return bytes;
    }

    private ErrorCode Check(ReconfigText request, out List<MembershipStep> steps, byte[]? identities = null) =>
        ReconfigRules.Check(
            request, new Caller(identities ?? Super, isUnchecked: false), tree, membership, directory,
            id => isFourWaiting && id.Value == 4 ? NewMember(4) : null, isBusy, out steps);
}
