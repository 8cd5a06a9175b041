using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>Every cell of ZooKeeper's table of what changes which field of a Stat (zookeeper-protocol 4).</summary>
public class StatScenarios
{
    private readonly TreeDriver _driver = new();
    private readonly TestSession _session;

    public StatScenarios() => _session = _driver.Connect();

    [Fact]
    public void A_new_znode_has_the_zxid_and_the_time_of_its_entry()
    {
        long zxid = Do(new Create("/a", "12345"));
        long time = _driver.TimeOf(zxid);
        Assert.Equal(new Stat(zxid, zxid, time, time, 0, 0, 0, 0, 5, 0, zxid), _driver.Stat("/a"));
    }

    [Fact]
    public void Creating_a_child_changes_cversion_children_and_pzxid_of_the_parent_and_nothing_else()
    {
        Do(new Create("/a", "x"));
        var before = _driver.Stat("/a");
        long zxid = Do(new Create("/a/b"));
        Assert.Equal(before with { Cversion = 1, NumChildren = 1, Pzxid = zxid }, _driver.Stat("/a"));
    }

    // Another server did not set pzxid on deletes (zookeeper-protocol 12.4).
    [Fact]
    public void Deleting_a_child_changes_cversion_children_and_pzxid_of_the_parent_and_nothing_else()
    {
        Do(new Create("/a", "x"));
        Do(new Create("/a/b"));
        var before = _driver.Stat("/a");
        long zxid = Do(new Delete("/a/b"));
        Assert.Equal(before with { Cversion = 2, NumChildren = 0, Pzxid = zxid }, _driver.Stat("/a"));
    }

    // Another server raised the parent's cversion here (zookeeper-protocol 12.4).
    [Fact]
    public void Setting_data_changes_mzxid_mtime_version_and_length_and_nothing_of_the_parent()
    {
        Do(new Create("/a"));
        Do(new Create("/a/b", "x"));
        var (parent, before) = (_driver.Stat("/a"), _driver.Stat("/a/b"));
        long zxid = Do(new Set("/a/b", "longer"));
        var expected = before with { Mzxid = zxid, Mtime = _driver.TimeOf(zxid), Version = 1, DataLength = 6 };
        Assert.Equal(expected, _driver.Stat("/a/b"));
        Assert.Equal(parent, _driver.Stat("/a"));
    }

    [Fact]
    public void Setting_equal_data_counts_as_a_change()
    {
        Do(new Create("/a", "x"));
        Do(new Set("/a", "x"));
        Assert.Equal(1, _driver.Stat("/a").Version);
    }

    [Fact]
    public void Setting_an_acl_changes_aversion_and_nothing_else()
    {
        Do(new Create("/a"));
        Do(new Create("/a/b", "x"));
        var (parent, before) = (_driver.Stat("/a"), _driver.Stat("/a/b"));
        Do(new SetAcl("/a/b", [(1, "world", "anyone")]));
        Assert.Equal(before with { Aversion = 1 }, _driver.Stat("/a/b"));
        Assert.Equal(parent, _driver.Stat("/a"));
    }

    [Fact]
    public void An_expired_session_leaves_its_one_zxid_in_the_pzxid_of_all_parents()
    {
        Do(new Create("/a"));
        Do(new Create("/b"));
        foreach (string path in new[] { "/a/1", "/a/2", "/b/1" })
            Do(new Create(path, "", Flags: 1));
        var (a, b) = (_driver.Stat("/a"), _driver.Stat("/b"));

        long zxid = _driver.Expire(_session).Zxid;
        Assert.Equal(a with { Cversion = 4, NumChildren = 0, Pzxid = zxid }, _driver.Stat("/a"));
        Assert.Equal(b with { Cversion = 2, NumChildren = 0, Pzxid = zxid }, _driver.Stat("/b"));
    }

    [Fact]
    public void The_owner_shows_for_ephemerals_and_not_for_containers()
    {
        Do(new Create("/e", "", Flags: 1));
        Do(new Create("/c", "", Flags: 4, OpCode.CreateContainer));
        Assert.Equal(_session.Id, _driver.Stat("/e").EphemeralOwner);
        Assert.Equal(0, _driver.Stat("/c").EphemeralOwner);
    }

    [Fact]
    public void Null_and_empty_data_both_have_length_0_and_stay_apart()
    {
        Do(new Create("/null", null));
        Do(new Create("/empty", ""));
        Assert.Equal((0, 0), (_driver.Stat("/null").DataLength, _driver.Stat("/empty").DataLength));
        Assert.Null(_driver.Value("/null"));
        Assert.Equal("", _driver.Value("/empty"));
        Do(new Set("/empty", null));
        Do(new Set("/null", ""));
        Assert.Null(_driver.Value("/empty"));
        Assert.Equal("", _driver.Value("/null"));
    }

    [Fact]
    public void The_built_in_znodes_have_the_odd_stats_of_a_fresh_zookeeper()
    {
        Assert.Equal(new Stat(0, 0, 0, 0, 0, -1, 0, 0, 0, 1, 0), _driver.Stat("/"));
        Assert.Equal(new Stat(0, 0, 0, 0, 0, -2, 0, 0, 0, 2, 0), _driver.Stat("/zookeeper"));
        Assert.Equal(new Stat(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), _driver.Stat("/zookeeper/quota"));
        Assert.Equal(new Stat(0, 0, 0, 0, -1, 0, -1, 0, 0, 0, 0), _driver.Stat("/zookeeper/config"));
        Assert.Equal(["config", "quota"], _driver.Children("/zookeeper"));
        Assert.Equal(_driver.Stat("/"), _driver.Stat(""));
    }

    [Fact]
    public void The_features_can_be_read_and_are_neither_listed_nor_counted()
    {
        _driver.Tree.Features = "one\ntwo\n"u8.ToArray();
        int count = _driver.Tree.ZnodeCount;
        Assert.Equal("one\ntwo\n", _driver.Value("/zookeeper/coord/features"));
        Assert.Equal(new Stat(0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0), _driver.Stat("/zookeeper/coord/features"));
        Assert.DoesNotContain("coord", _driver.Children("/zookeeper"));
        Assert.Equal([], _driver.Children("/zookeeper/coord/features"));
        Assert.False(_driver.Exists("/zookeeper/coord"));
        Assert.Equal(4, count);

        AssertError(ErrorCode.NoAuth, new Set("/zookeeper/coord/features", "x"));
        AssertError(ErrorCode.NoNode, new Create("/zookeeper/coord/features"));
        Do(new Create("/zookeeper/coord"));
        AssertError(ErrorCode.NodeExists, new Create("/zookeeper/coord/features"));
    }

    // Java's VersionTest and ZOOKEEPER-4743: an expectation of -1 means any version, so no znode may have it.
    [Fact]
    public void A_version_steps_over_minus_one_and_wraps_at_the_end()
    {
        Do(new Create("/a"));
        ref var znode = ref _driver.Tree.Store.Znodes[_driver.Tree.Store.Find("/a"u8)];
        znode.Version = -2;
        Do(new Set("/a", "", Version: -2));
        Assert.Equal(0, _driver.Stat("/a").Version);
        znode.Version = int.MaxValue;
        Do(new Set("/a", "", Version: int.MaxValue));
        Assert.Equal(int.MinValue, _driver.Stat("/a").Version);
    }

    // Danger: a length that runs over is below every limit.
    [Fact]
    public void A_list_of_more_than_two_gigabytes_says_how_long_it_is()
    {
        Do(new Create("/a"));
        Do(new Create("/a/b"));
        _driver.Tree.Store.OwnRare(_driver.Tree.Store.Find("/a"u8)).ChildNameBytes = 3_000_000_000;
        Assert.Equal(ErrorCode.Ok, _driver.Tree.TryGetChildren("/a"u8, out var children, out _));
        Assert.Equal(3_000_000_008, children.EncodedLength);
    }

    private long Do(ZnodeRequest request) => _driver.Do(_session, request).Zxid;

    private void AssertError(ErrorCode error, ZnodeRequest request) =>
        Assert.Equal(error, _driver.Run(_session, request).Error);
}
