using System.Buffers;
using System.Text;
using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>Who may do what (zookeeper-protocol 8).</summary>
public class AccessScenarios
{
    private const int Read = 1;
    private const int Write = 2;
    private const int CreateChild = 4;
    private const int DeleteChild = 8;
    private const int Admin = 16;
    private const int All = 31;

    private readonly TreeDriver _driver = new();
    private readonly TestSession _owner;
    private readonly TestSession _stranger;
    private readonly TestSession _super;

    public AccessScenarios()
    {
        _owner = _driver.Connect().As(("ip", "10.1.2.3"), ("digest", "u:hash="));
        _stranger = _driver.Connect().As(("ip", "192.168.0.9"), ("digest", "u:other="));
        _super = _driver.Connect().As(("digest", "super:hash="), ("super", ""));
    }

    [Theory]
    [InlineData(Read)]
    [InlineData(Write)]
    [InlineData(CreateChild)]
    [InlineData(DeleteChild)]
    [InlineData(Admin)]
    public void Each_permission_allows_its_operation_and_no_other(int permission)
    {
        Make("/a", All, "digest", "u:hash=");
        _driver.Do(_owner, new Create("/a/child"));
        _driver.Do(_super, new SetAcl("/a", [(permission, "world", "anyone")]));

        Allows(permission, Read, new Multi(new Check("/a", -1)));
        Allows(permission, Write, new Set("/a", "x"));
        Allows(permission, CreateChild, new Create("/a/other"));
        Allows(permission, DeleteChild, new Delete("/a/child"));
        Allows(permission, Admin, new SetAcl("/a", [(permission, "world", "anyone")]));

        Assert.Equal(permission == Read, Reads(_stranger, "/a") == ErrorCode.Ok);
        Assert.Equal(permission is Read or Admin, ReadsAcl(_stranger, "/a").Error == ErrorCode.Ok);
    }

    [Fact]
    public void The_acl_of_a_znode_does_not_matter_for_its_own_deletion_or_for_its_children()
    {
        _driver.Do(_owner, new Create("/open"));
        Make("/open/closed", 0, "digest", "nobody:hash=");
        Make("/closed", CreateChild | DeleteChild, "digest", "u:hash=");
        _driver.Do(_owner, new Create("/closed/open"));

        Assert.Equal(ErrorCode.Ok, _driver.Run(_stranger, new Set("/closed/open", "x")).Error);
        Assert.Equal(ErrorCode.NoAuth, _driver.Run(_stranger, new Delete("/closed/open")).Error);
        Assert.Equal(ErrorCode.Ok, _driver.Run(_stranger, new Delete("/open/closed")).Error);
    }

    [Fact]
    public void A_refusal_comes_behind_what_is_missing_and_before_versions()
    {
        Make("/a", 0, "digest", "nobody:hash=");
        AssertError(ErrorCode.NoNode, new Set("/a/missing", "x"));
        AssertError(ErrorCode.NoAuth, new Set("/a", "x", Version: 7));
        AssertError(ErrorCode.NoAuth, new Delete("/a/missing"));
        AssertError(ErrorCode.NoAuth, new Create("/a/."));
        AssertError(ErrorCode.InvalidAcl, new SetAcl("/a", []));
        AssertError(ErrorCode.NoAuth, new SetAcl("/a", [(All, "world", "anyone")], Version: 7));
    }

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3", true)]
    [InlineData("10.1.2.4", "10.1.2.3", false)]
    [InlineData("10.0.0.0/8", "10.255.0.1", true)]
    [InlineData("10.0.0.0/8", "11.0.0.1", false)]
    [InlineData("10.1.2.3/31", "10.1.2.2", true)]
    [InlineData("10.1.2.3/31", "10.1.2.4", false)]
    [InlineData("0.0.0.0/0", "203.0.113.7", true)]
    [InlineData("0.0.0.0/0", "::1", false)]
    [InlineData("::/0", "::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:7fff::1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::1", false)]
    [InlineData("2001:DB8:0:0:0:0:0:1", "2001:db8::1", true)]
    [InlineData("::ffff:10.1.2.3", "::ffff:a01:203", true)]
    public void An_address_matches_as_far_as_the_bits_go(string pattern, string address, bool isMatch)
    {
        Make("/a", Write, "ip", pattern);
        var caller = _driver.Connect().As(("ip", address));
        Assert.Equal(isMatch ? ErrorCode.Ok : ErrorCode.NoAuth, _driver.Run(caller, new Set("/a", "x")).Error);
    }

    [Theory]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.0.0")]
    [InlineData("10.0.0.256")]
    [InlineData("10.0.0.-1")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("/8")]
    [InlineData("")]
    [InlineData("host")]
    [InlineData("::1/129")]
    [InlineData(":::1")]
    [InlineData("1::2::3")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:")]
    [InlineData("fe80::1%eth0")]
    [InlineData("::1.2.3")]
    public void An_address_that_is_none_makes_an_invalid_acl(string pattern) =>
        AssertError(ErrorCode.InvalidAcl, new Create("/a") { Acl = [(All, "ip", pattern)] });

    [Theory]
    [InlineData(AclRules.EntriesMax, ErrorCode.Ok)]
    [InlineData(AclRules.EntriesMax + 1, ErrorCode.InvalidAcl)]
    public void A_list_has_a_limit_to_its_distinct_entries(int entries, ErrorCode error)
    {
        (int, string?, string?)[] acl =
            [.. Enumerable.Range(0, entries).Select(i => (All, (string?)"x509", (string?)$"CN={i}"))];
        AssertError(error, new Create("/a") { Acl = [.. acl, .. acl] });
        Assert.Equal(error == ErrorCode.Ok, _driver.Exists("/a"));
        if (error == ErrorCode.Ok)
            Assert.Equal(acl, _driver.Acl("/a"));
    }

    [Fact]
    public void Auth_stands_for_what_the_connection_has_proven()
    {
        _driver.Do(_owner, new Create("/a") { Acl = [(All, "auth", null)] });
        Assert.Equal([(All, "digest", "u:hash=")], _driver.Acl("/a"));
        Assert.Equal(ErrorCode.NoAuth, _driver.Run(_stranger, new Set("/a", "x")).Error);
        var unproven = _driver.Connect().As(("ip", "10.1.2.3"));
        Assert.Equal(
            ErrorCode.InvalidAcl, _driver.Run(unproven, new Create("/b") { Acl = [(All, "auth", "")] }).Error);
    }

    [Fact]
    public void The_super_user_may_everything()
    {
        Make("/a", 0, "digest", "nobody:hash=");
        _driver.Do(_super, new Create("/a/child"));
        _driver.Do(_super, new Set("/a", "x"));
        _driver.Do(_super, new Delete("/a/child"));
        _driver.Do(_super, new SetAcl("/a", [(All, "world", "anyone")]));
        _driver.Do(_super, new Set("/zookeeper/config", "x"));
        Assert.Equal(ErrorCode.Ok, Reads(_super, "/a"));
    }

    [Fact]
    public void Where_the_leader_skips_acls_they_are_kept_and_forbid_nothing()
    {
        Make("/a", 0, "digest", "nobody:hash=");
        AssertError(ErrorCode.NoAuth, new Set("/a", "x"));
        _driver.Flags = EntryFlags.SkipAcl;
        _driver.Do(_stranger, new Set("/a", "x"));
        Assert.Equal([(0, "digest", "nobody:hash=")], _driver.Acl("/a"));
    }

    [Fact]
    public void A_multi_is_refused_where_one_of_its_operations_is()
    {
        Make("/a", Read, "world", "anyone");
        var reply = _driver.Run(_stranger, new Multi(new Create("/b"), new Set("/a", "x")));
        Assert.Equal(
            new Wire().MultiHeader(-1, false, 0).Int(0).MultiHeader(-1, false, -102).Int(-102).MultiHeader(-1, true, -1)
                .ToArray(), reply.Body);
        Assert.False(_driver.Exists("/b"));
    }

    [Fact]
    public void The_end_of_a_session_takes_its_ephemerals_whatever_their_acls()
    {
        Make("/a", All, "world", "anyone");
        _driver.Do(_owner, new Create("/a/e", "", Flags: 1) { Acl = [(0, "digest", "nobody:hash=")] });
        _driver.Do(_super, new SetAcl("/a", [(0, "digest", "nobody:hash=")]));
        _driver.Close(_owner);
        Assert.False(_driver.Exists("/a/e"));
    }

    [Fact]
    public void Hashes_are_shown_to_administrators_only()
    {
        _driver.Do(_owner, new Create("/a") { Acl = [
            (Admin, "digest", "u:hash="), (Read, "world", "anyone"), (All, "ip", "10.0.0.1"), (Read, "x509", "CN=a:b"),
        ] });
        Assert.Equal("u:hash=", ReadsAcl(_owner, "/a").Ids[0]);
        Assert.Equal(["u:x", "anyone", "10.0.0.1", "CN=a:b"], ReadsAcl(_stranger, "/a").Ids);
        Assert.Equal("u:hash=", ReadsAcl(_super, "/a").Ids[0]);
        Assert.Equal(ErrorCode.NoNode, ReadsAcl(_owner, "/missing").Error);
        Assert.Equal(["anyone"], ReadsAcl(_stranger, "/zookeeper/config").Ids);
    }

    [Theory]
    [InlineData("", "/a /a/b /ab /c")]
    [InlineData(" ", "/a /a/b /ab /c")]
    [InlineData("/", "/a /a/b /ab /c")]
    [InlineData("/a", "/a /a/b /ab")]
    [InlineData("/a/", "/a/b")]
    [InlineData("a", "")]
    public void A_session_lists_its_own_ephemerals_by_the_letters_they_begin_with(string prefix, string expected)
    {
        // Nothing can live below an ephemeral: what stands below "/a" here is of another parent's making.
        var other = _driver.Connect();
        _driver.Do(other, new Create("/a"));
        _driver.Do(_owner, new Create("/a/b", "", Flags: 1));
        _driver.Do(_owner, new Create("/ab", "", Flags: 1));
        _driver.Do(_owner, new Create("/c", "", Flags: 1));
        _driver.Do(other, new Create("/cc", "", Flags: 1));
        Assert.Equal(expected.Replace("/a ", "", StringComparison.Ordinal), Ephemerals(_owner, prefix));
    }

    [Fact]
    public void A_list_of_ephemerals_that_is_too_long_is_not_begun()
    {
        _driver.Do(_owner, new Create("/a", "", Flags: 1));
        var output = new ArrayBufferWriter<byte>();
        Assert.True(_driver.Tree.TryWriteEphemerals(_owner.Id, default, output, mostBytes: 6));
        Assert.False(_driver.Tree.TryWriteEphemerals(_owner.Id, default, output, mostBytes: 5));
        Assert.Equal("", Ephemerals(new TestSession(12345, 0, []), ""));
    }

    private void Make(string path, int permissions, string scheme, string id) =>
        _driver.Do(_super, new Create(path) { Acl = [(permissions, scheme, id)] });

    private void AssertError(ErrorCode error, ZnodeRequest request) =>
        Assert.Equal(error, _driver.Run(_stranger, request).Error);

    private void Allows(int given, int needed, ZnodeRequest request)
    {
        var reply = _driver.Run(_stranger, request);
        bool isRefused = request is Multi ? reply.Body.AsSpan().IndexOf((byte[])[0xFF, 0xFF, 0xFF, 0x9A]) >= 0
            : reply.Error == ErrorCode.NoAuth;
        Assert.Equal(given != needed, isRefused);
    }

    private ErrorCode Reads(TestSession session, string path)
    {
        var caller = new Caller(session.EncodedIdentities, isUnchecked: false);
        byte[] utf8 = Encoding.UTF8.GetBytes(path);
        var error = _driver.Tree.TryGetData(utf8, caller, out var data, out _, out var stat);
        Assert.Equal(error, _driver.Tree.Exists(utf8, caller, out var existing));
        Assert.Equal(stat, existing);
        Assert.Equal(error, _driver.Tree.TryGetChildren(utf8, caller, out var children, out var listed));
        Assert.Equal(stat, listed);
        if (error != ErrorCode.Ok)
            Assert.Equal((0, 0, default), (data.Length, children.Count, stat));
        return error;
    }

    private (ErrorCode Error, string[] Ids) ReadsAcl(TestSession session, string path)
    {
        var caller = new Caller(session.EncodedIdentities, isUnchecked: false);
        var error = _driver.Tree.TryGetAcl(Encoding.UTF8.GetBytes(path), caller, out var acl, out _);
        return (error, error == ErrorCode.Ok ? [.. Wire.ReadAcl(acl).Select(entry => entry.Id!)] : []);
    }

    private string Ephemerals(TestSession session, string prefix)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True(_driver.Tree.TryWriteEphemerals(session.Id, Encoding.UTF8.GetBytes(prefix), output, 1_000));
        var bytes = output.WrittenSpan;
        int count = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes);
        bytes = bytes[4..];
        var paths = new List<string>();
        for (int i = 0; i < count; i++)
            paths.Add(Wire.ReadText(ref bytes));
        return string.Join(' ', paths.Order(StringComparer.Ordinal));
    }
}
