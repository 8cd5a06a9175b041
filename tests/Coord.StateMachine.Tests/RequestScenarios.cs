using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>
/// Errors and their order, sequential names, special paths (zookeeper-protocol 2.2, 2.3, 4.2, 5.2). What is marked live
/// there was seen on a running ZooKeeper.
/// </summary>
public class RequestScenarios
{
    private readonly TreeDriver _driver = new();
    private readonly TestSession _session;

    public RequestScenarios() => _session = _driver.Connect();

    [Theory]
    [InlineData("/", ErrorCode.NodeExists)]
    [InlineData("/zookeeper", ErrorCode.NodeExists)]
    [InlineData("", ErrorCode.BadArguments)]
    [InlineData(null, ErrorCode.BadArguments)]
    [InlineData("a", ErrorCode.BadArguments)]
    [InlineData("/a\0b", ErrorCode.BadArguments)]
    [InlineData("a/b", ErrorCode.NoNode)]
    [InlineData("/missing/b", ErrorCode.NoNode)]
    [InlineData("/missing//b", ErrorCode.NoNode)]
    [InlineData("/a/./b", ErrorCode.NoNode)]
    [InlineData("/a/", ErrorCode.BadArguments)]
    [InlineData("/a/.", ErrorCode.BadArguments)]
    [InlineData("/zookeeper/config/x", ErrorCode.NoAuth)]
    public void Create_checks_the_parent_before_the_grammar_of_the_path(string? path, ErrorCode error)
    {
        Do(new Create("/a"));
        AssertError(error, new Create(path));
    }

    [Fact]
    public void Create_checks_flags_then_path_then_acl_then_parent_then_existence_then_ephemeral_parent()
    {
        Do(new Create("/e", "", Flags: 1));
        AssertError(ErrorCode.BadArguments, new Create("/missing/x", "", Flags: 7) { Acl = [] });
        AssertError(ErrorCode.BadArguments, new Create("x") { Acl = [] });
        AssertError(ErrorCode.InvalidAcl, new Create("/missing/x") { Acl = [] });
        AssertError(ErrorCode.NoNode, new Create("/missing/x"));
        AssertError(ErrorCode.BadArguments, new Create("/e/."));
        AssertError(ErrorCode.NoChildrenForEphemerals, new Create("/e/x"));
        AssertError(ErrorCode.NoChildrenForEphemerals, new Create("/e/x-", "", Flags: 2));
    }

    [Theory]
    [InlineData("/", ErrorCode.BadArguments)]
    [InlineData("/zookeeper", ErrorCode.BadArguments)]
    [InlineData("/zookeeper/quota", ErrorCode.BadArguments)]
    [InlineData("/zookeeper/config", ErrorCode.BadArguments)]
    [InlineData("", ErrorCode.BadArguments)]
    [InlineData(null, ErrorCode.BadArguments)]
    [InlineData("a", ErrorCode.BadArguments)]
    [InlineData("/a/", ErrorCode.NoNode)]
    [InlineData("/missing", ErrorCode.NoNode)]
    [InlineData("/missing/b", ErrorCode.NoNode)]
    public void Delete_checks_the_path_then_the_parent_then_the_znode(string? path, ErrorCode error)
    {
        Do(new Create("/a"));
        AssertError(error, new Delete(path));
    }

    [Fact]
    public void Delete_checks_the_version_before_the_children()
    {
        Do(new Create("/a"));
        Do(new Create("/a/b"));
        AssertError(ErrorCode.BadVersion, new Delete("/a", Version: 1));
        AssertError(ErrorCode.BadVersion, new Delete("/a", Version: -2));
        AssertError(ErrorCode.NotEmpty, new Delete("/a", Version: 0));
        Do(new Delete("/a/b"));
        Do(new Delete("/a", Version: 0));
        Assert.False(_driver.Exists("/a"));
    }

    [Theory]
    [InlineData("/a", 0, ErrorCode.Ok)]
    [InlineData("/a", -1, ErrorCode.Ok)]
    [InlineData("/a", 1, ErrorCode.BadVersion)]
    [InlineData("/a", -2, ErrorCode.BadVersion)]
    [InlineData("/missing", 0, ErrorCode.NoNode)]
    [InlineData("/missing/", 0, ErrorCode.BadArguments)]
    [InlineData("", 0, ErrorCode.BadArguments)]
    [InlineData(null, 0, ErrorCode.BadArguments)]
    [InlineData("/", 0, ErrorCode.Ok)]
    [InlineData("/zookeeper/config", 5, ErrorCode.NoAuth)]
    public void SetData_checks_the_path_then_the_znode_then_the_version(string? path, int version, ErrorCode error)
    {
        Do(new Create("/a"));
        AssertError(error, new Set(path, "x", version));
    }

    [Fact]
    public void SetAcl_compares_the_version_of_the_acl_and_the_list_comes_before_the_znode()
    {
        (int, string?, string?)[] readOnly = [(1, "world", "anyone")];
        Do(new Create("/a"));
        Do(new Set("/a", "x"));
        AssertError(ErrorCode.BadArguments, new SetAcl("/a/", null));
        AssertError(ErrorCode.InvalidAcl, new SetAcl("/missing", null));
        AssertError(ErrorCode.NoNode, new SetAcl("/missing", readOnly));
        AssertError(ErrorCode.BadVersion, new SetAcl("/a", readOnly, Version: 1));
        AssertError(ErrorCode.NoAuth, new SetAcl("/zookeeper/config", readOnly));
        Do(new SetAcl("/a", readOnly, Version: 0));
        Assert.Equal(1, _driver.Stat("/a").Aversion);
    }

    [Theory]
    [InlineData("world", "anyone", true)]
    [InlineData("world", "someone", false)]
    [InlineData("digest", "u:Jq7wMyA/w2Vd5WIDAKdu4OIIFEQ=", true)]
    [InlineData("digest", "u", false)]
    [InlineData("digest", "u:", false)]
    [InlineData("digest", "a:b:c", false)]
    [InlineData("ip", "127.0.0.1/8", true)]
    [InlineData("nonsense", "x", false)]
    [InlineData(null, "x", false)]
    [InlineData("world", null, false)]
    [InlineData("auth", null, false)]
    public void An_acl_entry_needs_a_known_scheme_and_an_id_of_that_scheme(string? scheme, string? id, bool isValid) =>
        AssertError(
            isValid ? ErrorCode.Ok : ErrorCode.InvalidAcl, new Create("/a") { Acl = [(31, scheme, id)] });

    // kazoo sends a null id with scheme auth.
    [Fact]
    public void Scheme_auth_stands_for_the_identities_of_the_connection()
    {
        byte[] identities = new Wire().Int(3).Text("ip").Text("10.0.0.1").Text("digest").Text("u:h=")
            .Text("digest").Text("u:h=").ToArray();
        var create = new Create("/a") { Acl = [(31, "auth", null), (31, "digest", "u:h=")] };
        Assert.Equal(ErrorCode.Ok, _driver.Apply(_driver.Entry(_session, create, identities)).Error);
        Assert.Equal(ErrorCode.Ok, _driver.Tree.TryGetAcl("/a"u8, out var acl, out _));
        Assert.Equal(new Wire().Acl((31, "digest", "u:h=")).ToArray(), acl.ToArray());
    }

    [Fact]
    public void A_sequential_name_continues_with_the_children_ever_created_whatever_their_kind()
    {
        Do(new Create("/a"));
        Assert.Equal("/a/n-0000000000", Do(new Create("/a/n-", "", Flags: 2)).CreatedPath());
        Do(new Create("/a/plain"));
        Do(new Delete("/a/plain"));
        Assert.Equal("/a/other0000000002", Do(new Create("/a/other", "", Flags: 3)).CreatedPath());
        Assert.Equal("/a/0000000003", Do(new Create("/a/", "", Flags: 2)).CreatedPath());
        AssertError(ErrorCode.BadArguments, new Create("/a/", "", Flags: 0));
    }

    // ZooKeeper gets stuck at 2147483647 and answers NodeExists from there on.
    [Theory]
    [InlineData(2_147_483_646, "2147483646")]
    [InlineData(2_147_483_648, "2147483648")]
    [InlineData(9_999_999_999, "9999999999")]
    [InlineData(10_000_000_000, "10000000000")]
    public void The_sequence_goes_on_beyond_32_bits(long created, string suffix)
    {
        Do(new Create("/a"));
        _driver.Tree.Store.OwnRare(_driver.Tree.Store.Find("/a"u8)).ChildrenCreated = created;
        Assert.Equal($"/a/n-{suffix}", Do(new Create("/a/n-", "", Flags: 2)).CreatedPath());
        Assert.Equal(unchecked((int)((2 * (created + 1)) - 1)), _driver.Stat("/a").Cversion);
    }

    [Theory]
    [InlineData(OpCode.Create, 5, ErrorCode.BadArguments)]
    [InlineData(OpCode.Create2, 6, ErrorCode.BadArguments)]
    [InlineData(OpCode.Create, 7, ErrorCode.BadArguments)]
    [InlineData(OpCode.Create, -1, ErrorCode.BadArguments)]
    [InlineData(OpCode.Create, 4, ErrorCode.Ok)]
    [InlineData(OpCode.CreateContainer, 0, ErrorCode.Ok)]
    public void Flags_outside_the_known_modes_are_refused(OpCode operation, int flags, ErrorCode error) =>
        AssertError(error, new Create("/a", "", flags, operation));

    [Theory]
    [InlineData(13)]
    [InlineData(20)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-10)]
    [InlineData(4)]
    [InlineData(999)]
    public void An_opcode_that_writes_nothing_is_unimplemented_here(int opcode)
    {
        byte[] request = new Wire().Int(opcode).Text("/a").Int(0).ToArray();
        var reply = _driver.Apply(EntryCodec.Request(_driver.Header(EntryCommand.Request, _session), default, request));
        Assert.Equal(opcode == 0 ? ErrorCode.MarshallingError : ErrorCode.Unimplemented, reply.Error);
    }

    [Fact]
    public void Reads_do_not_validate_paths_but_for_nul_in_exists()
    {
        Assert.Equal(ErrorCode.BadArguments, _driver.Tree.Exists("/a\0"u8, out _));
        Assert.Equal(ErrorCode.NoNode, _driver.Tree.Exists("zookeeper"u8, out _));
        Assert.Equal(ErrorCode.NoNode, _driver.Tree.TryGetData("/zookeeper/"u8, out _, out _, out _));
        Assert.Equal(ErrorCode.NoNode, _driver.Tree.TryGetChildren("/a\0"u8, out _, out _));
        Assert.Equal(ErrorCode.Ok, _driver.Tree.TryGetChildren(""u8, out var children, out _));
        Assert.Equal(1, children.Count);
    }

    private Reply Do(ZnodeRequest request) => _driver.Do(_session, request);

    private void AssertError(ErrorCode error, ZnodeRequest request) =>
        Assert.Equal((ApplyOutcome.Applied, error), _driver.Run(_session, request) is var reply
            ? (reply.Outcome, reply.Error) : default);
}
