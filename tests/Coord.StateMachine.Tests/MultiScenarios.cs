using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>All or nothing, each operation seeing the ones before it (zookeeper-protocol 2.4).</summary>
public class MultiScenarios
{
    private readonly TreeDriver _driver = new();
    private readonly TestSession _session;

    public MultiScenarios() => _session = _driver.Connect();

    [Fact]
    public void Each_operation_sees_what_the_ones_before_it_did()
    {
        var reply = Do(new Multi(
            new Create("/p"), new Create("/p/c", "x"), new Set("/p/c", "y", Version: 0), new Check("/p/c", 1),
            new Delete("/p/c", Version: 1), new Delete("/p", Version: 0)));
        Assert.Equal(ErrorCode.Ok, reply.Error);
        Assert.False(_driver.Exists("/p"));
        Assert.Equal(9, reply.Changes.Count);
    }

    [Fact]
    public void All_operations_share_one_zxid_and_one_time()
    {
        long zxid = Do(new Multi(new Create("/a"), new Create("/a/b"), new Set("/a", "x"))).Zxid;
        var (a, b) = (_driver.Stat("/a"), _driver.Stat("/a/b"));
        Assert.Equal((zxid, zxid, zxid, zxid), (a.Czxid, a.Mzxid, a.Pzxid, b.Czxid));
        Assert.Equal((_driver.TimeOf(zxid), a.Ctime), (a.Mtime, b.Ctime));
    }

    [Fact]
    public void A_reply_names_each_result_by_the_type_that_clients_expect()
    {
        Do(new Create("/old", "x"));
        var reply = Do(new Multi(
            new Create("/a"), new Create("/b", "", Kind: OpCode.Create2),
            new Create("/c", "", Flags: 4, Kind: OpCode.CreateContainer), new Set("/old", "y"), new Check("/old", 1),
            new Delete("/old")));
        var set = new Stat(2, 3, _driver.TimeOf(2), _driver.TimeOf(3), 1, 0, 0, 0, 1, 0, 2);
        byte[] expected = new Wire()
            .MultiHeader(1, false, 0).Text("/a")
            .MultiHeader(15, false, 0).Text("/b").Stat(_driver.Stat("/b"))
            .MultiHeader(15, false, 0).Text("/c").Stat(_driver.Stat("/c"))
            .MultiHeader(5, false, 0).Stat(set)
            .MultiHeader(13, false, 0)
            .MultiHeader(2, false, 0)
            .MultiHeader(-1, true, -1).ToArray();
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(reply.Body));
    }

    // Extensions check-absent and check-children.
    [Fact]
    public void Absence_and_lists_of_children_are_checked_where_the_multi_stands()
    {
        Do(new Create("/p"));
        var reply = Do(new Multi(
            new CheckAbsent("/p/c"), new CheckChildren("/p", 0), new Create("/p/c"), new CheckChildren("/p", 1),
            new Delete("/p/c"), new CheckChildren("/p", 2), new CheckAbsent("/p/c"), new CheckAbsent("/none/below")));
        Assert.Equal(2, _driver.Stat("/p").Cversion);
        byte[] expected = new Wire()
            .MultiHeader(1005, false, 0).MultiHeader(1006, false, 0).MultiHeader(1, false, 0).Text("/p/c")
            .MultiHeader(1006, false, 0).MultiHeader(2, false, 0).MultiHeader(1006, false, 0)
            .MultiHeader(1005, false, 0).MultiHeader(1005, false, 0).MultiHeader(-1, true, -1).ToArray();
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(reply.Body));
    }

    public static TheoryData<string?, int?, ErrorCode> FailingChecks => new()
    {
        { "/p", null, ErrorCode.NodeExists },
        { "/locked", null, ErrorCode.NodeExists },
        { "/", null, ErrorCode.NodeExists },
        { "/zookeeper/coord/features", null, ErrorCode.NodeExists },
        { "p", null, ErrorCode.BadArguments },
        { null, null, ErrorCode.BadArguments },
        { "/p", 1, ErrorCode.BadVersion },
        { "/p", -1, ErrorCode.BadVersion },
        { "/none", 0, ErrorCode.NoNode },
        { "/locked", 0, ErrorCode.NoAuth },
        { "p", 0, ErrorCode.BadArguments },
    };

    [Theory]
    [MemberData(nameof(FailingChecks))]
    public void A_check_that_fails_takes_the_multi_back(string? path, int? cversion, ErrorCode error)
    {
        Do(new Create("/p"));
        Do(new Create("/locked") { Acl = [(30, "world", "anyone")] });
        ZnodeRequest check = cversion is { } wanted ? new CheckChildren(path, wanted) : new CheckAbsent(path);
        var reply = Do(new Multi(new Create("/made"), check));
        byte[] expected = new Wire().MultiHeader(-1, false, 0).Int(0)
            .MultiHeader(-1, false, (int)error).Int((int)error).MultiHeader(-1, true, -1).ToArray();
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(reply.Body));
        Assert.False(_driver.Exists("/made"));
        Assert.Equal(ErrorCode.Unimplemented, _driver.Run(_session, check).Error);
    }

    [Fact]
    public void A_failure_answers_0_before_its_code_at_and_minus_2_behind_the_operation_that_failed()
    {
        var reply = Do(new Multi(new Create("/a"), new Create("/b"), new Check("/a", 99), new Delete("/a")));
        byte[] expected = new Wire().MultiHeader(-1, false, 0).Int(0).MultiHeader(-1, false, 0).Int(0)
            .MultiHeader(-1, false, -103).Int(-103).MultiHeader(-1, false, -2).Int(-2)
            .MultiHeader(-1, true, -1).ToArray();
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(reply.Body));
        Assert.Equal((ErrorCode.Ok, 0), (reply.Error, reply.Changes.Count));
    }

    // Danger: a sequence counter, an ephemeral or a parent's cversion survives the abort.
    [Fact]
    public void An_abort_takes_back_counters_stats_data_and_ephemerals()
    {
        Do(new Create("/q"));
        Do(new Create("/q/n-", "first", Flags: 2));
        var (before, child) = (_driver.Stat("/q"), _driver.Stat("/q/n-0000000000"));
        Do(new Multi(
            new Create("/q/n-", "", Flags: 3), new Create("/q/n-", "", Flags: 2),
            new Set("/q/n-0000000000", "a value in a larger block than before, so that blocks are exchanged"),
            new Set("/q/n-0000000000", "again"), new Delete("/q/n-0000000000"),
            new Create("/q/n-0000000000", "another"), new Delete("/q/n-0000000001"), new Check("/missing", 0)));

        Assert.Equal((before, child), (_driver.Stat("/q"), _driver.Stat("/q/n-0000000000")));
        Assert.Equal("first", _driver.Value("/q/n-0000000000"));
        Assert.Equal(["n-0000000000"], _driver.Children("/q"));
        Assert.Equal(0, _driver.Tree.EphemeralCount);
        Assert.Equal("/q/n-0000000001", Do(new Create("/q/n-", "", Flags: 2)).CreatedPath());
    }

    [Fact]
    public void Sequential_names_advance_within_a_multi()
    {
        Do(new Create("/q"));
        Do(new Multi(new Create("/q/n-", "", Flags: 2), new Create("/q/n-", "", Flags: 2)));
        Assert.Equal(["n-0000000000", "n-0000000001"], _driver.Children("/q"));
    }

    [Fact]
    public void An_empty_multi_succeeds_with_the_terminator_alone() => Assert.Equal(
        Convert.ToHexString(new Wire().MultiHeader(-1, true, -1).ToArray()),
        Convert.ToHexString(Do(new Multi()).Body));

    [Fact]
    public void A_part_that_a_multi_may_not_hold_refuses_the_whole_as_malformed()
    {
        AssertMalformed(new SetAcl("/", [(31, "world", "anyone")]));
        AssertMalformed(new Multi());
        AssertMalformed(new Create("/b", "", Flags: 5));
        AssertMalformed(new Create("/b", "", Flags: 9));
        AssertMalformed(new Create("/b") { Acl = null });
    }

    [Fact]
    public void An_empty_acl_in_a_multi_fails_its_operation_only()
    {
        var reply = Do(new Multi(new Create("/a"), new Create("/b") { Acl = [] }));
        byte[] expected = new Wire().MultiHeader(-1, false, 0).Int(0).MultiHeader(-1, false, -114).Int(-114)
            .MultiHeader(-1, true, -1).ToArray();
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(reply.Body));
        Assert.False(_driver.Exists("/a"));
    }

    [Fact]
    public void A_multi_without_its_terminator_is_malformed()
    {
        byte[] request = new Wire().Int(14).MultiHeader(2, false, -1).Text("/a").Int(-1).ToArray();
        var reply = _driver.Apply(EntryCodec.Request(_driver.Header(EntryCommand.Request, _session), default, request));
        Assert.Equal(ErrorCode.MarshallingError, reply.Error);
    }

    private void AssertMalformed(ZnodeRequest part)
    {
        var reply = _driver.Run(_session, new Multi(new Create("/a"), part));
        Assert.Equal(ErrorCode.MarshallingError, reply.Error);
        Assert.Empty(reply.Body);
        Assert.False(_driver.Exists("/a"));
    }

    private Reply Do(ZnodeRequest request) => _driver.Do(_session, request);
}
