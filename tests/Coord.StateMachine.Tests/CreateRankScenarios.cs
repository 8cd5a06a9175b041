using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>Sequential creates that tell the place among the siblings (docs/internals/extensions.md).</summary>
public class CreateRankScenarios
{
    private static readonly string[] Lock = ["lock-"];
    private static readonly string[] Both = ["__READ__", "__WRIT__"];
    private static readonly string[] Writers = ["__WRIT__"];

    private readonly TreeDriver _driver = new();
    private readonly TestSession _session;

    public CreateRankScenarios()
    {
        _session = _driver.Connect();
        Do(new Create("/l"));
    }

    [Fact]
    public void The_first_in_line_stands_behind_nobody()
    {
        var reply = Do(new CreateRank("/l/_c_x-lock-", Lock, Lock));
        AssertTold(reply, "/l/_c_x-lock-0000000000", 0, "");
        Assert.Equal(["NodeCreated /l/_c_x-lock-0000000000", "NodeChildrenChanged /l"], reply.Changes);
        Assert.Equal(_session.Id, _driver.Stat("/l/_c_x-lock-0000000000").EphemeralOwner);
    }

    [Fact]
    public void The_nearest_before_is_told_and_how_many_there_are()
    {
        for (int i = 0; i < 4; i++)
            Do(new CreateRank($"/l/_c_{9 - i}-lock-", Lock, Lock));
        Do(new Create("/l/lock-"));
        Do(new Create("/l/lock-none"));
        Do(new Create("/l/other-0000000001"));
        Do(new Delete("/l/_c_8-lock-0000000001"));
        var reply = Do(new CreateRank("/l/a-lock-", Lock, Lock));
        AssertTold(reply, "/l/a-lock-0000000007", 3, "_c_6-lock-0000000003");
    }

    [Fact]
    public void A_reader_is_told_the_nearest_writer_and_a_writer_whoever_is_before_it()
    {
        Do(new CreateRank("/l/a__WRIT__", Both, Both));
        Do(new CreateRank("/l/b__READ__", Both, Writers));
        var reader = Do(new CreateRank("/l/c__READ__", Both, Writers));
        var writer = Do(new CreateRank("/l/d__WRIT__", Both, Both));
        AssertTold(reader, "/l/c__READ__0000000002", 2, "a__WRIT__0000000000");
        AssertTold(writer, "/l/d__WRIT__0000000003", 3, "c__READ__0000000002");
        Do(new Delete("/l/a__WRIT__0000000000"));
        Do(new Delete("/l/d__WRIT__0000000003"));
        AssertTold(Do(new CreateRank("/l/e__READ__", Both, Writers)), "/l/e__READ__0000000004", 2, "");
    }

    /// <summary>As in the lock recipes; 0 may stand behind a number just before the end.</summary>
    [Theory]
    [InlineData("-2147483648", 2147483647, 0)]
    [InlineData("-0000000001", 1, 1)]
    [InlineData("2147483646", 2147483647, 1)]
    [InlineData("2147483647", 1, 0)]
    [InlineData("2147483648", 5, 0)]
    [InlineData("0000000001", 2147483648, -1)]
    public void Numbers_wrap_around_and_those_beyond_32_bits_are_none(string other, long next, int position)
    {
        Do(new Create($"/l/lock-{other}"));
        Do(new Counter("/l", next));
        var reply = Do(new CreateRank("/l/lock-", Lock, Lock));
        AssertTold(reply, $"/l/lock-{next:D10}", position, position > 0 ? $"lock-{other}" : "");
    }

    [Fact]
    public void Of_equal_numbers_the_lesser_name_is_told()
    {
        foreach (string name in new[] { "b", "a", "c" })
            Do(new Create($"/l/{name}-lock-0000000001"));
        AssertTold(Do(new CreateRank("/l/lock-", Lock, Lock)), "/l/lock-0000000003", 3, "a-lock-0000000001");
    }

    [Theory]
    [InlineData("/none/lock-", 3, ErrorCode.NoNode)]
    [InlineData("l/lock-", 3, ErrorCode.NoNode)]
    [InlineData("lock-", 3, ErrorCode.BadArguments)]
    [InlineData(null, 3, ErrorCode.BadArguments)]
    [InlineData("/l/lock-", 0, ErrorCode.BadArguments)]
    [InlineData("/l/lock-", 1, ErrorCode.BadArguments)]
    [InlineData("/l/lock-", 4, ErrorCode.BadArguments)]
    [InlineData("/l/lock-", 6, ErrorCode.BadArguments)]
    [InlineData("/l/lock-", 7, ErrorCode.BadArguments)]
    [InlineData("/l/lock-", 2, ErrorCode.Ok)]
    [InlineData("/closed/lock-", 3, ErrorCode.NoAuth)]
    public void What_no_sequential_create_may_make_is_refused(string? path, int flags, ErrorCode error)
    {
        Do(new Create("/closed") { Acl = [(27, "world", "anyone")] });
        var reply = _driver.Run(_session, new CreateRank(path, Lock, Lock) { Flags = flags });
        Assert.Equal((error, error == ErrorCode.Ok), (reply.Error, reply.Body.Length > 0));
        Assert.Equal(error == ErrorCode.Ok ? 1 : 0, _driver.Stat("/l").NumChildren);
    }

    [Fact]
    public void Who_may_not_list_the_children_is_not_told()
    {
        Do(new Create("/secret") { Acl = [(30, "world", "anyone")] });
        Do(new CreateRank("/secret/lock-", Lock, Lock));
        AssertTold(Do(new CreateRank("/secret/lock-", Lock, Lock)), "/secret/lock-0000000001", -1, "");
    }

    /// <summary>What one request looks at is bounded, however many children there are.</summary>
    [Fact]
    public void Among_too_many_children_nothing_is_told()
    {
        for (int i = 1; i < SiblingRank.ChildrenMax; i++)
            Do(new Create($"/l/{i}"));
        var last = Do(new CreateRank("/l/lock-", Lock, Lock));
        AssertTold(last, "/l/lock-0000001023", 0, "");
        AssertTold(Do(new CreateRank("/l/lock-", Lock, Lock)), "/l/lock-0000001024", -1, "");
        Do(new Delete("/l/1"));
        Do(new Delete("/l/2"));
        AssertTold(Do(new CreateRank("/l/lock-", Lock, Lock)), "/l/lock-0000001025", 2, "lock-0000001024");
    }

    [Fact]
    public void It_is_no_part_of_a_multi()
    {
        Assert.Equal(
            ErrorCode.MarshallingError,
            _driver.Run(_session, new Multi(new CreateRank("/l/lock-", Lock, Lock))).Error);
        Assert.Equal(0, _driver.Stat("/l").NumChildren);
    }

    /// <summary>
    /// Places in memory are used again, so that a node which read a snapshot has its children in another order.
    /// </summary>
    [Fact]
    public void The_order_in_which_a_node_keeps_children_shows_in_nothing()
    {
        for (int i = 0; i < 6; i++)
            Do(new CreateRank($"/l/{i}-lock-", Lock, Lock));
        for (int i = 0; i < 4; i++)
            Do(new Delete($"/l/{i}-lock-000000000{i}"));
        foreach (string name in new[] { "x", "z", "y" })
            Do(new Create($"/l/{name}-lock-0000000005"));
        for (int i = 6; i < 9; i++)
            Do(new CreateRank($"/l/{i}-lock-", Lock, Lock));
        var twin = Snapshots.Load(Snapshots.Of(_driver.Tree));
        Assert.NotEqual(NamesInOrder(_driver.Tree), NamesInOrder(twin));

        var reply = Do(new CreateRank("/l/last-lock-", Lock, Lock));
        twin.Apply(_driver.NextIndex - 1, _driver.Log[^1].Entry);

        Assert.Equal(8, Position(reply));
        Assert.Equal(
            (_driver.Tree.RollingDigest, _driver.Tree.ContentHash()), (twin.RollingDigest, twin.ContentHash()));
    }

    private static List<string> NamesInOrder(ZnodeTree tree)
    {
        Assert.Equal(ErrorCode.Ok, tree.TryGetChildren("/l"u8, out var children, out _));
        var names = new List<string>();
        foreach (var name in children)
            names.Add(System.Text.Encoding.UTF8.GetString(name));
        return names;
    }

    private static int Position(Reply reply)
    {
        var reader = new JuteReader(reply.Body);
        Assert.True(CreateRankResponse.TryRead(ref reader, out var response));
        return response.Position;
    }

    private Reply Do(ZnodeRequest request) => _driver.Do(_session, request);

    private void AssertTold(Reply reply, string path, int position, string predecessor) => Assert.Equal(
        new Wire().Text(path).Stat(_driver.Stat(path)).Int(position).Text(predecessor).ToArray(), reply.Body);
}
