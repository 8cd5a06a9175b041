using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;
using Add = Coord.StateMachine.Tests.ZnodeRequest.CounterAdd;

namespace Coord.StateMachine.Tests;

/// <summary>Additions to a counter in one request (docs/internals/extensions.md, counter-add).</summary>
public class CounterAddScenarios
{
    private const string Open = "\0\0\0\0\0\0\0\u0005";
    private readonly TreeDriver _driver = new();
    private readonly TestSession _session;

    public CounterAddScenarios() => _session = _driver.Connect();

    [Fact]
    public void Additions_are_tried_in_their_order_each_on_what_the_ones_before_left()
    {
        Do(new Create("/c", Open));
        var reply = Do(new Add("/c", 0, 7, (10, 0, 12, 1), (-2, 0, 100, 3), (1, 0, 3, 5), (100, 0, 99, 1)));
        Assert.Equal(new Wire().Long(5).Long(3).Stat(_driver.Stat("/c")).ToArray(), reply.Body);
        Assert.Equal(["NodeDataChanged /c"], reply.Changes);
        Assert.Equal(1, _driver.Stat("/c").Version);
    }

    [Fact]
    public void What_is_not_allowed_writes_nothing_and_tells_the_value()
    {
        Do(new Create("/c", Open));
        var before = _driver.Stat("/c");
        var reply = Do(new Add("/c", 0, 7, (-1, 5, long.MaxValue, 1), (1, 0, 5, 1)));
        Assert.Equal(new Wire().Long(5).Long(5).Stat(before).ToArray(), reply.Body);
        Assert.Empty(reply.Changes);
        Assert.Equal((before, Open), (_driver.Stat("/c"), _driver.Value("/c")));
    }

    [Theory]
    [InlineData(long.MaxValue, 1)]
    [InlineData(long.MinValue, -1)]
    [InlineData(-1, long.MinValue)]
    [InlineData(long.MinValue, long.MinValue)]
    public void A_sum_that_does_not_fit_is_not_allowed(long value, long delta)
    {
        Do(new Create("/c"));
        var reply = Do(new Add("/c", value, 7, (delta, long.MinValue, long.MaxValue, 2)));
        Assert.Equal(new Wire().Long(value).Long(value).Stat(_driver.Stat("/c")).ToArray(), reply.Body);
        Assert.Equal("", _driver.Value("/c"));
    }

    [Fact]
    public void The_tags_of_the_last_sixteen_writes_stay_newest_first()
    {
        Do(new Create("/c"));
        for (int i = 0; i < 20; i++)
            Do(new Add("/c", 60, 0x6161616161616161 + i, (1, 0, 100, 1)));
        string tags = string.Concat(Enumerable.Range(4, 16).Reverse().Select(i => "aaaaaaa" + (char)('a' + i)));
        Assert.Equal($"\0\0\0\0\0\0\0\u0050CTG1\u0010{tags}", _driver.Value("/c"));
    }

    [Theory]
    [InlineData("/none", Open, ErrorCode.NoNode)]
    [InlineData("c", Open, ErrorCode.BadArguments)]
    [InlineData(null, Open, ErrorCode.BadArguments)]
    [InlineData("/unreadable", Open, ErrorCode.NoAuth)]
    [InlineData("/unwritable", Open, ErrorCode.NoAuth)]
    [InlineData("/zookeeper/config", Open, ErrorCode.NoAuth)]
    [InlineData("/zookeeper/coord/features", Open, ErrorCode.NoAuth)]
    [InlineData("/c", "seven..", ErrorCode.InvalidState)]
    [InlineData("/c", "thirteen byte", ErrorCode.InvalidState)]
    [InlineData("/c", Open + "CTG1", ErrorCode.InvalidState)]
    [InlineData("/c", Open + "CTG1\u0000", ErrorCode.Ok)]
    [InlineData("/c", Open + "CTG1\u0001", ErrorCode.InvalidState)]
    [InlineData("/c", Open + "CTG1\u0011", ErrorCode.InvalidState)]
    [InlineData("/c", null, ErrorCode.Ok)]
    public void What_is_no_counter_or_not_ones_own_is_refused(string? path, string? value, ErrorCode error)
    {
        Do(new Create("/c", value));
        Do(new Create("/unreadable", Open) { Acl = [(30, "world", "anyone")] });
        Do(new Create("/unwritable", Open) { Acl = [(29, "world", "anyone")] });
        var reply = _driver.Run(_session, new Add(path, 0, 7, (1, 0, 100, 1)));
        Assert.Equal((error, error == ErrorCode.Ok), (reply.Error, reply.Body.Length > 0));
        Assert.Equal(error == ErrorCode.Ok ? 1 : 0, _driver.Stat("/c").Version);
    }

    [Theory]
    [InlineData(10_000, 1, ErrorCode.MarshallingError)]
    [InlineData(9_999, 1, ErrorCode.Ok)]
    [InlineData(int.MaxValue, int.MaxValue, ErrorCode.MarshallingError)]
    [InlineData(1, 0, ErrorCode.MarshallingError)]
    [InlineData(1, -1, ErrorCode.MarshallingError)]
    public void How_often_one_request_adds_is_bounded(int first, int second, ErrorCode error)
    {
        Do(new Create("/c"));
        var add = new Add("/c", 0, 7, (1, 0, 50_000, first), (1, 0, 50_000, second));
        Assert.Equal(error, _driver.Run(_session, add).Error);
    }

    [Fact]
    public void A_hard_quota_counts_the_bytes_of_the_tags()
    {
        Do(new Create("/c", Open));
        Do(new Create("/zookeeper/quota/c"));
        Do(new Create("/zookeeper/quota/c/zookeeper_limits", "byteHardLimit=20"));
        _driver.Flags = EntryFlags.EnforceQuota;
        Assert.Equal(ErrorCode.QuotaExceeded, _driver.Run(_session, new Add("/c", 0, 7, (1, 0, 9, 1))).Error);
        Assert.Equal(Open, _driver.Value("/c"));
    }

    [Fact]
    public void With_a_number_it_adds_once_however_often_it_is_sent()
    {
        Do(new Create("/c", Open));
        var once = new Once(1, new Add("/c", 0, 7, (1, 0, 100, 1)));
        Assert.Equal(Do(once).Answer, Do(once).Answer);
        Assert.Equal(1, _driver.Stat("/c").Version);
    }

    [Fact]
    public void It_is_no_part_of_a_multi()
    {
        Do(new Create("/c", Open));
        Assert.Equal(
            ErrorCode.MarshallingError,
            _driver.Run(_session, new Multi(new Add("/c", 0, 7, (1, 0, 100, 1)))).Error);
    }

    [Fact]
    public void Both_digests_see_it()
    {
        Do(new Create("/c", Open));
        var twin = Snapshots.Load(Snapshots.Of(_driver.Tree));
        Do(new Add("/c", 0, 7, (1, 0, 100, 1)));
        Assert.NotEqual(_driver.Tree.ContentHash(), twin.ContentHash());
        twin.Apply(_driver.NextIndex - 1, _driver.Log[^1].Entry);
        Assert.Equal(
            (_driver.Tree.RollingDigest, _driver.Tree.ContentHash()), (twin.RollingDigest, twin.ContentHash()));
    }

    private Reply Do(ZnodeRequest request) => _driver.Do(_session, request);
}
