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

    private long Seen => _driver.NextIndex - 1;

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
    public void The_last_sixteen_writes_stay_newest_first_each_with_its_tag_and_the_value_and_mzxid_before_it()
    {
        Do(new Create("/c"));
        long created = _driver.Stat("/c").Mzxid;
        for (int i = 0; i < 20; i++)
            Do(new Add("/c", 60, 0x6161616161616161 + i, (1, 0, 100, 1)));
        string writes = string.Concat(Enumerable.Range(4, 16).Reverse().Select(i =>
            $"aaaaaaa{(char)('a' + i)}\0\0\0\0\0\0\0{(char)(60 + i)}\0\0\0\0\0\0\0{(char)(created + i)}"));
        Assert.Equal($"\0\0\0\0\0\0\0\u0050CTG2\u0010{writes}", _driver.Value("/c"));
    }

    [Fact]
    public void Sent_again_it_waits_until_the_first_session_is_over()
    {
        var next = _driver.Connect();
        Do(new Create("/c", Open));
        var again = new Add("/c", 0, 7, (1, 0, 100, 1)) { FirstSession = _session.Id, SeenZxid = Seen };
        Assert.Equal(ErrorCode.BadVersion, _driver.Run(next, again).Error);
        Assert.Equal(Open, _driver.Value("/c"));

        _driver.Expire(_session);
        var reply = _driver.Do(next, again);
        Assert.Equal(new Wire().Long(5).Long(6).Stat(_driver.Stat("/c")).ToArray(), reply.Body);
        Assert.Equal(["NodeDataChanged /c"], reply.Changes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(15)]
    public void Sent_again_after_it_was_carried_out_it_gives_the_first_reply_and_writes_nothing(int others)
    {
        var next = _driver.Connect();
        Do(new Create("/c", Open));
        var add = new Add("/c", 0, 7, (1, 0, 100, 1), (-2, 0, 100, 5));
        var again = add with { FirstSession = _session.Id, SeenZxid = Seen };
        Do(add);
        for (int i = 0; i < others; i++)
            _driver.Do(next, new Add("/c", 0, 100 + i, (1, 0, 100, 1)));
        _driver.Expire(_session);
        var before = _driver.Stat("/c");

        for (int i = 0; i < 2; i++)
        {
            var reply = _driver.Do(next, again);
            Assert.Equal(new Wire().Long(5).Long(0).Stat(before).ToArray(), reply.Body);
            Assert.Empty(reply.Changes);
        }

        Assert.Equal((before, others), (_driver.Stat("/c"), (int)_driver.Value("/c")![7]));
    }

    [Theory]
    [InlineData(16, false, ErrorCode.Ok)]
    [InlineData(17, false, ErrorCode.BadArguments)]
    [InlineData(15, true, ErrorCode.Ok)]
    [InlineData(16, true, ErrorCode.BadArguments)]
    public void Sent_again_it_does_nothing_where_its_tag_may_have_fallen_out(
        int others, bool wasCarriedOut, ErrorCode error)
    {
        var next = _driver.Connect();
        Do(new Create("/c", Open));
        for (int i = 0; i < 20; i++)
            Do(new Add("/c", 0, 200 + i, (1, 0, 25, 1)));
        var add = new Add("/c", 0, 7, (1, 0, 100, 1));
        var again = add with { FirstSession = _session.Id, SeenZxid = Seen };
        if (wasCarriedOut)
            Do(add);
        for (int i = 0; i < others; i++)
            _driver.Do(next, new Add("/c", 0, 100 + i, (1, 0, 100, 1)));
        _driver.Expire(_session);

        Assert.Equal(error, _driver.Run(next, again).Error);
        Assert.Equal(
            25 + others + (wasCarriedOut || error == ErrorCode.Ok ? 1 : 0), (int)_driver.Value("/c")![7]);
    }

    /// <summary>Curator writes the value alone, and who makes the znode again begins anew.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sent_again_it_does_nothing_where_the_tags_are_gone(bool isMadeAgain)
    {
        var next = _driver.Connect();
        Do(new Create("/c", Open));
        var again = new Add("/c", 0, 7, (1, 0, 100, 1)) { FirstSession = _session.Id, SeenZxid = Seen };
        _driver.Expire(_session);
        if (isMadeAgain)
            _driver.Do(next, new Delete("/c"));
        _driver.Do(next, isMadeAgain ? new Create("/c", Open) : new Set("/c", Open));

        Assert.Equal(ErrorCode.BadArguments, _driver.Run(next, again).Error);
        Assert.Equal(Open, _driver.Value("/c"));
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
    [InlineData("/c", Open + "CTG2", ErrorCode.InvalidState)]
    [InlineData("/c", Open + "CTG2\u0000", ErrorCode.Ok)]
    [InlineData("/c", Open + "CTG2\u0001", ErrorCode.InvalidState)]
    [InlineData("/c", Open + "CTG2\u0011", ErrorCode.InvalidState)]
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
