using Coord.Protocol;
using static Coord.StateMachine.Tests.ZnodeRequest;

namespace Coord.StateMachine.Tests;

/// <summary>
/// Containers and znodes with a time to live: who makes them (zookeeper-protocol 2.2, 2.4), how they are kept (4.3) and
/// when a sweep takes them (9.2, 9.3). The codes were seen on a running ZooKeeper, with extended types and without.
/// </summary>
public class KindScenarios
{
    private const long Ttl = 1_000;

    private readonly TreeDriver _driver = new();
    private readonly TestSession _session;

    public KindScenarios() => _session = _driver.Connect();

    [Theory]
    [InlineData(OpCode.CreateTtl, 5, Ttl, ErrorCode.Ok)]
    [InlineData(OpCode.CreateTtl, 6, Ttl, ErrorCode.Ok)]
    [InlineData(OpCode.CreateTtl, 5, 1, ErrorCode.Ok)]
    [InlineData(OpCode.CreateTtl, 5, 0xFF_FFFF_FFFF, ErrorCode.Ok)]
    [InlineData(OpCode.CreateTtl, 5, 0x100_0000_0000, ErrorCode.BadArguments)]
    [InlineData(OpCode.CreateTtl, 5, 0, ErrorCode.BadArguments)]
    [InlineData(OpCode.CreateTtl, 6, -1, ErrorCode.BadArguments)]
    [InlineData(OpCode.CreateTtl, 0, Ttl, ErrorCode.BadArguments)]
    [InlineData(OpCode.CreateTtl, 4, Ttl, ErrorCode.BadArguments)]
    [InlineData(OpCode.CreateTtl, 7, Ttl, ErrorCode.BadArguments)]
    [InlineData(OpCode.Create, 5, 0, ErrorCode.BadArguments)]
    [InlineData(OpCode.Create2, 6, 0, ErrorCode.BadArguments)]
    [InlineData(OpCode.CreateContainer, 5, 0, ErrorCode.BadArguments)]
    public void A_time_to_live_takes_its_own_operation_flag_and_range(
        OpCode operation, int flags, long ttl, ErrorCode error) =>
        Assert.Equal(error, Run(new Create("/t", "", flags, operation) { Ttl = ttl }).Error);

    [Theory]
    [InlineData(OpCode.CreateTtl, 5, Ttl, ErrorCode.Unimplemented)]
    [InlineData(OpCode.CreateTtl, 6, 0, ErrorCode.Unimplemented)]
    [InlineData(OpCode.Create, 5, 0, ErrorCode.Unimplemented)]
    [InlineData(OpCode.CreateContainer, 6, 0, ErrorCode.Unimplemented)]
    [InlineData(OpCode.CreateTtl, 0, Ttl, ErrorCode.BadArguments)]
    [InlineData(OpCode.CreateTtl, 7, Ttl, ErrorCode.BadArguments)]
    [InlineData(OpCode.CreateContainer, 4, 0, ErrorCode.Ok)]
    public void Without_extended_types_a_flag_with_a_time_is_unimplemented(
        OpCode operation, int flags, long ttl, ErrorCode error)
    {
        _driver.Flags = EntryFlags.RefuseTtl;
        Assert.Equal(error, Run(new Create("/t", "", flags, operation) { Ttl = ttl }).Error);
    }

    [Theory]
    [InlineData(5, Ttl, 15)]
    [InlineData(5, 0, -8)]
    [InlineData(0, Ttl, 1)]
    [InlineData(2, 0, 1)]
    [InlineData(4, Ttl, 15)]
    [InlineData(7, Ttl, -8)]
    public void In_a_multi_a_createTtl_without_such_a_flag_is_a_plain_create(int flags, long ttl, int expected)
    {
        var reply = Run(new Multi(new Create("/t", "", flags, OpCode.CreateTtl) { Ttl = ttl }));
        int type = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(reply.Body);
        int error = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(reply.Body.AsSpan(5));
        Assert.Equal(expected, type < 0 ? error : type);
        Assert.Equal(flags is 4 or 5 && expected > 0 ? 1 : 0, _driver.Tree.SweepableCount);
    }

    [Fact]
    public void In_a_multi_without_extended_types_the_operation_with_a_time_fails_and_not_the_request()
    {
        _driver.Flags = EntryFlags.RefuseTtl;
        var reply = Run(new Multi(new Create("/a"), new Create("/t", "", 5, OpCode.CreateTtl) { Ttl = Ttl }));
        byte[] expected = new Wire().MultiHeader(-1, false, 0).Int(0).MultiHeader(-1, false, -6).Int(-6)
            .MultiHeader(-1, true, -1).ToArray();
        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(reply.Body));
    }

    [Fact]
    public void Containers_and_times_to_live_do_not_show_in_a_stat()
    {
        Do(new Create("/t", "", 5, OpCode.CreateTtl) { Ttl = Ttl });
        Do(new Create("/c", "", 4, OpCode.CreateContainer));
        Assert.Equal((0, 0), (_driver.Stat("/t").EphemeralOwner, _driver.Stat("/c").EphemeralOwner));
        var store = _driver.Tree.Store;
        Assert.Equal(0xFF00_0000_0000_03E8, (ulong)store.RareOf(store.Find("/t"u8)).Owner);
        Assert.Equal(0x8000_0000_0000_0000, (ulong)store.RareOf(store.Find("/c"u8)).Owner);
    }

    [Fact]
    public void A_sequential_znode_with_a_time_to_live_has_both() =>
        Assert.Equal("/t0000000000", Do(new Create("/t", "", 6, OpCode.CreateTtl) { Ttl = Ttl }).CreatedPath());

    [Fact]
    public void A_time_to_live_ends_when_it_is_exceeded_and_not_before()
    {
        var created = Do(new Create("/t", "", 5, OpCode.CreateTtl) { Ttl = Ttl });
        Sweep("/t", created.Zxid, atMs: Ttl);
        Assert.True(_driver.Exists("/t"));
        var reply = Sweep("/t", created.Zxid, atMs: Ttl + 1);
        Assert.Equal(["NodeDeleted /t", "NodeChildrenChanged /"], reply.Changes);
        Assert.False(_driver.Exists("/t"));
        Assert.Equal((reply.Zxid, 0), (_driver.Stat("/").Pzxid, _driver.Tree.SweepableCount));
    }

    [Fact]
    public void Setting_data_renews_a_time_to_live()
    {
        var created = Do(new Create("/t", "", 5, OpCode.CreateTtl) { Ttl = Ttl });
        _driver.NextIndex += 50;
        Do(new Set("/t", "again"));
        Sweep("/t", created.Zxid, atMs: Ttl + 1);
        Assert.True(_driver.Exists("/t"));
    }

    [Fact]
    public void A_znode_with_children_is_swept_once_they_are_gone()
    {
        var created = Do(new Create("/t", "", 5, OpCode.CreateTtl) { Ttl = Ttl });
        Do(new Create("/t/e", "", Flags: 1));
        Sweep("/t", created.Zxid, atMs: 10 * Ttl);
        Assert.True(_driver.Exists("/t"));
        _driver.Expire(_session);
        Sweep("/t", created.Zxid, atMs: 10 * Ttl);
        Assert.False(_driver.Exists("/t"));
    }

    // Danger: a container is swept between its creation and that of its first child.
    [Fact]
    public void A_container_is_swept_only_after_it_had_children()
    {
        var created = Do(new Create("/c", "", 4, OpCode.CreateContainer));
        Sweep("/c", created.Zxid, atMs: 1_000_000_000);
        Assert.True(_driver.Exists("/c"));
        Do(new Create("/c/x"));
        Sweep("/c", created.Zxid, atMs: 0);
        Assert.True(_driver.Exists("/c"));
        Do(new Delete("/c/x"));
        Sweep("/c", created.Zxid, atMs: 0);
        Assert.False(_driver.Exists("/c"));
    }

    [Fact]
    public void A_container_that_was_never_used_is_swept_after_a_time_if_there_is_one()
    {
        var created = Do(new Create("/c", "", 4, OpCode.CreateContainer));
        Sweep("/c", created.Zxid, atMs: 300, neverUsedMs: 300);
        Assert.True(_driver.Exists("/c"));
        Sweep("/c", created.Zxid, atMs: 301, neverUsedMs: 300);
        Assert.False(_driver.Exists("/c"));
    }

    // Danger: a client deletes and creates the path again while the sweep of the old znode is on its way.
    [Fact]
    public void A_sweep_takes_the_znode_that_was_found_and_no_other_at_its_path()
    {
        var first = Do(new Create("/t", "", 5, OpCode.CreateTtl) { Ttl = 1 });
        Do(new Delete("/t"));
        Do(new Create("/t", "", 5, OpCode.CreateTtl) { Ttl = 1 });
        Sweep("/t", first.Zxid, atMs: 100);
        Assert.True(_driver.Exists("/t"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_sweep_never_takes_another_kind_of_znode(int flags)
    {
        var created = Do(new Create("/p", "", flags));
        Sweep("/p", created.Zxid, atMs: 1_000_000_000, neverUsedMs: 1);
        Assert.True(_driver.Exists("/p"));
    }

    [Fact]
    public void A_sweep_finds_its_candidates_without_the_rest_of_the_tree()
    {
        Do(new Create("/p"));
        for (int i = 0; i < 5; i++)
            Do(new Create($"/p/t{i}", "", 5, OpCode.CreateTtl) { Ttl = i < 3 ? 1 : 1_000_000 });
        Do(new Delete("/p/t0"));
        var tree = Snapshots.Load(Snapshots.Of(_driver.Tree));
        foreach (var each in new[] { _driver.Tree, tree })
        {
            var due = new List<string>();
            for (int place = 0; place < each.SweepableCount; place++)
            {
                if (each.IsSweepDue(place, TreeDriver.StartTime + 10_000, 0, out var znode))
                    due.Add(System.Text.Encoding.UTF8.GetString(znode.Path));
            }

            Assert.Equal(4, each.SweepableCount);
            Assert.Equal(["/p/t1", "/p/t2"], due.Order());
        }
    }

    private Reply Run(ZnodeRequest request) => _driver.Run(_session, request);

    private Reply Do(ZnodeRequest request) => _driver.Do(_session, request);

    /// <summary>A sweep by an entry that is so much younger than the last change of the znode's data.</summary>
    private Reply Sweep(string path, long czxid, long atMs, long neverUsedMs = 0)
    {
        long mtime = _driver.Exists(path) ? _driver.TimeOf(czxid) : 0;
        return _driver.Sweep(path, czxid, neverUsedMs, mtime + atMs - _driver.TimeOf(_driver.NextIndex));
    }
}
