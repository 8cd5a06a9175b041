using System.Text;
using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>Quotas, and the counts and sums that they rest on (zookeeper-protocol 9.1, design.md section 10).</summary>
public class QuotaScenarios
{
    private const string HardCount3 = "count=-1,bytes=-1=;countHardLimit=3";
    private const string HardBytes10 = "count=-1,bytes=-1=;byteHardLimit=10";

    private readonly TreeDriver _driver = new() { Flags = EntryFlags.EnforceQuota };
    private readonly TestSession _session;

    public QuotaScenarios() => _session = _driver.Connect();

    [Fact]
    public void The_use_of_a_path_counts_itself_and_is_right_at_each_read()
    {
        Do(new Create("/a", "12345"));
        Do(new Create("/a/b", "123"));
        SetQuota("/a", "count=100,bytes=100");
        Assert.Equal("count=2,bytes=8", Use("/a"));
        Do(new Create("/a/b/c", "1"));
        Do(new Set("/a/b", "1234567"));
        Assert.Equal("count=3,bytes=13", Use("/a"));
        Do(new Multi(new Delete("/a/b/c"), new Set("/a", null)));
        Assert.Equal("count=2,bytes=7", Use("/a"));
        Do(new Multi(new Delete("/a/b"), new Set("/a", "gone"), new Check("/a", 99)));
        Assert.Equal("count=2,bytes=7", Use("/a"));
        Do(new Delete("/a/b"));
        Do(new Delete("/a"));
        Assert.Equal("count=0,bytes=0", Use("/a"));
    }

    [Fact]
    public void The_length_in_the_stat_is_that_of_the_text_read_and_versions_do_not_move()
    {
        Do(new Create("/a", new string('x', 1000)));
        SetQuota("/a", "count=100,bytes=100");
        var stat = _driver.Stat("/zookeeper/quota/a/zookeeper_stats");
        Assert.Equal(("count=1,bytes=1000".Length, 0, stat.Czxid), (stat.DataLength, stat.Version, stat.Mzxid));
        Assert.Equal(ErrorCode.Ok, _driver.Tree.TryGetData(
            "/zookeeper/quota/a/zookeeper_stats"u8, out var data, out bool isNull, out var read));
        Assert.Equal((stat, "count=1,bytes=1000", false), (read, Encoding.UTF8.GetString(data), isNull));
    }

    [Fact]
    public void A_hard_limit_refuses_what_would_exceed_it()
    {
        Do(new Create("/a"));
        SetQuota("/a", HardCount3);
        Do(new Create("/a/1"));
        Do(new Create("/a/2"));
        AssertRefused(new Create("/a/3"));
        AssertRefused(new Create("/a/e", "", Flags: 1));
        Do(new Delete("/a/1"));
        Do(new Create("/a/3"));
        Do(new Create("/ab"));
    }

    [Fact]
    public void A_hard_limit_of_bytes_binds_creates_and_sets_that_change_the_length()
    {
        Do(new Create("/a", "12345678"));
        SetQuota("/a", HardBytes10);
        AssertRefused(new Create("/a/b", "123"));
        Do(new Create("/a/b", "12"));
        AssertRefused(new Set("/a/b", "123"));
        Do(new Set("/a/b", "xy"));
        Do(new Create("/a/empty"));
        Do(new Set("/a", ""));
        Do(new Set("/a/b", "12345678"));
    }

    [Fact]
    public void The_quota_is_looked_at_before_the_version_and_after_everything_else_of_a_create()
    {
        Do(new Create("/a", "1234567890"));
        SetQuota("/a", "countHardLimit=1;byteHardLimit=10");
        AssertRefused(new Set("/a", "12345678901", Version: 99));
        Assert.Equal(ErrorCode.BadVersion, Run(new Set("/a", "x", Version: 99)).Error);
        Assert.Equal(ErrorCode.NoNode, Run(new Create("/a/b/c")).Error);
        Assert.Equal(ErrorCode.NodeExists, Run(new Create("/a", "12345678901")).Error);
        AssertRefused(new Create("/a/b"));
    }

    [Fact]
    public void In_a_multi_a_quota_sees_what_the_operations_before_it_did()
    {
        Do(new Create("/a"));
        SetQuota("/a", HardCount3);
        var reply = Do(new Multi(new Create("/a/1"), new Create("/a/2"), new Create("/a/3")));
        byte[] expected = new Wire().MultiHeader(-1, false, 0).Int(0).MultiHeader(-1, false, 0).Int(0)
            .MultiHeader(-1, false, -125).Int(-125).MultiHeader(-1, true, -1).ToArray();
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(reply.Body));
        Do(new Multi(new Create("/a/1"), new Create("/a/2"), new Delete("/a/1"), new Create("/a/3")));
        Assert.Equal(2, _driver.Descendants("/a"));
    }

    [Fact]
    public void The_deepest_quota_above_a_path_applies_to_it()
    {
        Do(new Create("/a"));
        Do(new Create("/a/b"));
        SetQuota("/a", "countHardLimit=3");
        Do(new Create("/zookeeper/quota/a/b"));
        Do(new Create("/zookeeper/quota/a/b/zookeeper_limits", "countHardLimit=2"));
        Do(new Create("/a/b/1"));
        AssertRefused(new Create("/a/b/2"));
        Do(new Set("/zookeeper/quota/a/b/zookeeper_limits", "countHardLimit=9"));
        Do(new Create("/a/b/2"));
        AssertRefused(new Create("/a/c"));
        Do(new Delete("/zookeeper/quota/a/b/zookeeper_limits"));
        AssertRefused(new Create("/a/b/3"));
    }

    [Theory]
    [InlineData("count=1,bytes=1", EntryFlags.EnforceQuota)]
    [InlineData("countHardLimit=1;byteHardLimit=1", EntryFlags.None)]
    public void A_soft_limit_and_one_that_is_not_enforced_are_only_noted(string limits, EntryFlags flags)
    {
        Do(new Create("/a"));
        SetQuota("/a", limits);
        _driver.Flags = flags;
        Do(new Create("/a/b", "22"));
        var excess = Last();
        Assert.Equal(("/a", true, 1, 2, false), excess);
        Do(new Create("/a/c"));
        Assert.Equal(("/a", false, 1, 3, false), Last());
        Do(new Create("/z"));
        Assert.Null(_driver.Tree.Apply(_driver.NextIndex++, _driver.Entry(_session, new Create("/y"))).QuotaExcess);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("nonsense")]
    [InlineData("=,;=;=,count,count=,countHardLimit=x,byteHardLimit=99999999999999999999;;")]
    [InlineData("countHardLimit=-1;byteHardLimit=-2")]
    public void Limits_that_cannot_be_read_are_none(string? limits)
    {
        Do(new Create("/a"));
        SetQuota("/a", limits);
        Do(new Create("/a/b", "some data"));
        Do(new Create("/a/c", "some data"));
    }

    [Fact]
    public void A_quota_holds_in_a_tree_from_a_snapshot_and_ends_with_its_limits()
    {
        Do(new Create("/a"));
        SetQuota("/a", HardCount3);
        var driver = new TreeDriver(Snapshots.Load(Snapshots.Of(_driver.Tree)))
        {
            Flags = EntryFlags.EnforceQuota, NextSequence = _driver.NextSequence,
        };
        driver.Do(_session, new Create("/a/1"));
        driver.Do(_session, new Create("/a/2"));
        Assert.Equal(ErrorCode.QuotaExceeded, driver.Run(_session, new Create("/a/3")).Error);
        driver.Do(_session, new Delete("/zookeeper/quota/a/zookeeper_limits"));
        driver.Do(_session, new Create("/a/3"));
    }

    [Fact]
    public void A_fresh_tree_has_three_znodes_below_the_root_and_the_list_of_features_is_none()
    {
        _driver.Tree.Features = new byte[] { 1 };
        Assert.Equal((3, 2, 0, 0), (_driver.Descendants("/"), _driver.Descendants("/zookeeper"),
            _driver.Descendants("/zookeeper/quota"), _driver.Descendants("/zookeeper/coord/features")));
        Assert.Equal(ErrorCode.NoNode, _driver.Tree.TryCountDescendants("/none"u8, out _));
        Assert.Equal(ErrorCode.Ok, _driver.Tree.TryCountDescendants(""u8, out int count));
        Assert.Equal(3, count);
    }

    private Reply Run(ZnodeRequest request) => _driver.Run(_session, request);

    private Reply Do(ZnodeRequest request) => _driver.Do(_session, request);

    private void AssertRefused(ZnodeRequest request)
    {
        var reply = Run(request);
        Assert.Equal(ErrorCode.QuotaExceeded, reply.Error);
        Assert.Empty(reply.Changes);
    }

    private void SetQuota(string path, string? limits)
    {
        Do(new Create("/zookeeper/quota" + path));
        Do(new Create($"/zookeeper/quota{path}/zookeeper_limits", limits));
        Do(new Create($"/zookeeper/quota{path}/zookeeper_stats", "count=0,bytes=0"));
    }

    private string? Use(string path) => _driver.Value($"/zookeeper/quota{path}/zookeeper_stats");

    private (string, bool, long, long, bool) Last()
    {
        var tree = new ZnodeTree();
        QuotaExcess? excess = null;
        foreach (var (index, entry) in _driver.Log)
            excess = tree.Apply(index, entry).QuotaExcess;
        Assert.NotNull(excess);
        return (Encoding.UTF8.GetString(excess.Path.Span), excess.IsBytes, excess.Limit, excess.Use, excess.IsRefused);
    }
}
