using System.Text;
using Coord.Protocol;

namespace Coord.StateMachine.Tests;

/// <summary>What the log says of the cluster itself: membership and feature level (raft-design S1, M4, I6).</summary>
public class ClusterScenarios
{
    private static readonly byte[] Config = "/zookeeper/config"u8.ToArray();

    private readonly ZnodeTree _tree = new();

    public ClusterScenarios() => _tree.SetGenesis([1, 2, 3], "version=0"u8);

    [Fact]
    public void A_cluster_begins_with_the_membership_and_configuration_of_its_genesis()
    {
        Assert.Equal(("version=0", 0L, -1), ReadConfig(_tree));
        Assert.Equal([1, 2, 3], _tree.MembershipPayload.ToArray());
        Assert.Equal((0L, 1), (_tree.MembershipIndex, _tree.FeatureLevel));
    }

    // zookeeper-protocol 11: mzxid is the version; the data version is always -1.
    [Fact]
    public void A_membership_entry_rewrites_the_configuration_and_fires_its_watch()
    {
        var reply = Reply.Of(_tree.ApplyMembership(7, [4], "version=7"u8));
        Assert.Equal(["NodeDataChanged /zookeeper/config"], reply.Changes);
        Assert.Equal(("version=7", 7L, -1), ReadConfig(_tree));
        Assert.Equal((7L, 7L), (_tree.MembershipIndex, _tree.AppliedIndex));
    }

    [Fact]
    public void A_joint_membership_is_kept_but_not_shown()
    {
        Assert.Empty(Reply.Of(_tree.ApplyMembership(7, [4], [])).Changes);
        Assert.Equal(("version=0", 0L, -1), ReadConfig(_tree));
        Assert.Equal([4], _tree.MembershipPayload.ToArray());
    }

    // Danger: a node restored in the middle of a change would count the wrong voters (raft-design BM5).
    [Fact]
    public void A_snapshot_holds_membership_and_feature_level_as_of_its_index()
    {
        _tree.ApplyMembership(7, [4, 5], []);
        _tree.ApplyFeatureLevel(8, 2);
        var loaded = Snapshots.Load(Snapshots.Of(_tree));
        Assert.Equal([4, 5], loaded.MembershipPayload.ToArray());
        Assert.Equal((7L, 2), (loaded.MembershipIndex, loaded.FeatureLevel));
        Assert.Equal(_tree.ContentHash(), loaded.ContentHash());
    }

    [Fact]
    public void A_change_while_a_snapshot_is_taken_does_not_show_in_it()
    {
        var cursor = _tree.BeginSnapshot();
        _tree.ApplyMembership(7, [4], "version=7"u8);
        _tree.ApplyFeatureLevel(8, 2);
        var loaded = Snapshots.Load(Snapshots.Rest(cursor));
        Assert.Equal(("version=0", 0L, -1), ReadConfig(loaded));
        Assert.Equal([1, 2, 3], loaded.MembershipPayload.ToArray());
        Assert.Equal(1, loaded.FeatureLevel);
    }

    [Fact]
    public void Nodes_that_applied_different_memberships_or_levels_have_different_digests()
    {
        var (same, other, raised) = (new ZnodeTree(), new ZnodeTree(), new ZnodeTree());
        foreach (var tree in new[] { same, other, raised })
            tree.SetGenesis([1, 2, 3], "version=0"u8);
        _tree.ApplyMembership(7, [4], "version=7"u8);
        same.ApplyMembership(7, [4], "version=7"u8);
        other.ApplyMembership(7, [5], "version=7"u8);
        raised.ApplyFeatureLevel(7, 2);
        Assert.Equal(_tree.RollingDigest, same.RollingDigest);
        Assert.NotEqual(_tree.RollingDigest, other.RollingDigest);
        Assert.NotEqual(_tree.RollingDigest, raised.RollingDigest);
    }

    // raft-design I6: never lowered.
    [Fact]
    public void The_feature_level_is_never_lowered()
    {
        _tree.ApplyFeatureLevel(7, 2);
        _tree.ApplyFeatureLevel(8, 1);
        Assert.Equal(2, _tree.FeatureLevel);
    }

    // zookeeper-protocol 11: world may read the configuration; changing it takes WRITE, or super.
    [Fact]
    public void Only_the_super_user_may_change_a_membership_by_default()
    {
        Assert.False(_tree.MayReconfigure(new Caller(Identity("digest", "ann:hash"), isUnchecked: false)));
        Assert.False(_tree.MayReconfigure(new Caller(default, isUnchecked: false)));
        Assert.True(_tree.MayReconfigure(new Caller(Identity("super", ""), isUnchecked: false)));
    }

    private static byte[] Identity(string scheme, string id) => new Wire().Int(1).Text(scheme).Text(id).ToArray();

    private static (string Text, long Mzxid, int Version) ReadConfig(ZnodeTree tree)
    {
        Assert.Equal(ErrorCode.Ok, tree.TryGetData(Config, out var data, out _, out var stat));
        return (Encoding.UTF8.GetString(data), stat.Mzxid, stat.Version);
    }
}
