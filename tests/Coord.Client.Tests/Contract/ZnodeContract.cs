using System.Text;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Znode operations, the same on every server.</summary>
public abstract class ZnodeContract(ClusterFixture cluster) : ClusterContract(cluster)
{
    private static readonly byte[] Bytes = Encoding.UTF8.GetBytes("bytes");

    [Fact]
    public async Task A_znode_is_created_read_set_and_deleted()
    {
        var made = await Coord.CreateAsync(At("a"), Bytes).Soon();
        Assert.Equal(At("a"), made.Path);
        Assert.Equal(made.Stat.Czxid, made.Stat.Mzxid);

        var read = await Coord.GetAsync(At("a")).Soon();
        Assert.Equal(Bytes, read.Bytes.ToArray());
        Assert.Equal(0, read.Stat.Version);

        var set = await Coord.SetAsync(At("a"), default, 0).Soon();
        Assert.Equal(1, set.Version);
        Assert.Equal(0, (await Coord.ExistsAsync(At("a")).Soon())!.Value.DataLength);

        Assert.True(await Coord.DeleteAsync(At("a"), new DeleteOptions { ExpectedVersion = 1 }).Soon());
        Assert.False(await Coord.DeleteAsync(At("a")).Soon());
        Assert.Null(await Coord.TryGetAsync(At("a")).Soon());
        Assert.Null(await Coord.ExistsAsync(At("a")).Soon());
    }

    [Fact]
    public async Task An_acl_is_read_and_replaced_by_its_version()
    {
        await Coord.CreateAsync(At("a"), Bytes).Soon();
        var open = await Coord.GetAclAsync(At("a")).Soon();
        Assert.Equal(Acls.OpenToAll, open.Acl);
        AclEntry[] acl = [new(Permissions.Read | Permissions.Admin, "world", "anyone")];
        Assert.Equal(1, (await Coord.SetAclAsync(At("a"), acl, open.Stat.Aversion).Soon()).Aversion);
        Assert.Equal(acl, (await Coord.GetAclAsync(At("a")).Soon()).Acl);

        await Assert.ThrowsAsync<NoAuthException>(() => Coord.SetAsync(At("a"), Bytes, 0).Soon());
        await Assert.ThrowsAsync<BadVersionException>(() => Coord.SetAclAsync(At("a"), acl, 0).Soon());
        await Assert.ThrowsAsync<InvalidAclException>(() => Coord.SetAclAsync(At("a"), [], 1).Soon());
        await Assert.ThrowsAsync<NoNodeException>(() => Coord.GetAclAsync(At("b")).Soon());
    }

    [Fact]
    public async Task A_counter_of_children_is_raised_where_the_server_can()
    {
        await Coord.CreateAsync(At("a")).Soon();
        await Coord.ConnectAsync().Soon();
        if (!Coord.Features.Has("child-counter"))
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => Coord.RaiseChildCounterAsync(At("a"), 7).Soon());
            return;
        }

        Assert.Equal(14, (await Coord.RaiseChildCounterAsync(At("a"), 7).Soon()).Cversion);
        var sequential = new CreateOptions { Mode = CreateMode.PersistentSequential };
        Assert.Equal(At("a/n-0000000007"), (await Coord.CreateAsync(At("a/n-"), default, sequential).Soon()).Path);
        Assert.Equal(15, (await Coord.RaiseChildCounterAsync(At("a"), 3).Soon()).Cversion);
    }

    [Fact]
    public async Task Expected_errors_have_their_own_exception_and_nothing_changed()
    {
        await Coord.CreateAsync(At("a"), Bytes).Soon();
        await Coord.CreateAsync(At("a/child")).Soon();
        CoordException[] errors =
        [
            await Assert.ThrowsAsync<NodeExistsException>(() => Coord.CreateAsync(At("a")).Soon()),
            await Assert.ThrowsAsync<NoNodeException>(() => Coord.CreateAsync(At("b/c")).Soon()),
            await Assert.ThrowsAsync<NoNodeException>(() => Coord.GetAsync(At("b")).Soon()),
            await Assert.ThrowsAsync<NoNodeException>(() => Coord.GetChildrenAsync(At("b")).Soon()),
            await Assert.ThrowsAsync<NoNodeException>(() => Coord.SetAsync(At("b"), Bytes, 0).Soon()),
            await Assert.ThrowsAsync<BadVersionException>(() => Coord.SetAsync(At("a"), Bytes, 7).Soon()),
            await Assert.ThrowsAsync<NotEmptyException>(() => Coord.DeleteAsync(At("a")).Soon()),
            await Assert.ThrowsAsync<BadVersionException>(
                () => Coord.DeleteAsync(At("a/child"), new DeleteOptions { ExpectedVersion = 3 }).Soon()),
        ];

        Assert.All(errors, error => Assert.Equal(Outcome.NotApplied, error.Outcome));
        Assert.All(errors, error => Assert.StartsWith(Root, error.Path, StringComparison.Ordinal));
        Assert.Null(await Coord.TryCreateAsync(At("a")).Soon());
        Assert.Null(await Coord.TrySetAsync(At("a"), Bytes, 7).Soon());
        Assert.Equal(0, (await Coord.GetAsync(At("a")).Soon()).Stat.Version);
    }

    [Fact]
    public async Task An_ephemeral_znode_has_no_children_and_vanishes_with_its_client()
    {
        var other = Connect();
        var options = new CreateOptions { Mode = CreateMode.Ephemeral };
        var made = await other.CreateAsync(At("e"), Bytes, options).Soon();
        Assert.Equal(other.Session.Id.Value, made.Stat.EphemeralOwner);
        await Assert.ThrowsAsync<NoChildrenForEphemeralsException>(() => other.CreateAsync(At("e/child")).Soon());
        await Coord.SyncAsync().Soon();
        var gone = Coord.WaitForDeletedAsync(At("e")).AsTask();

        await other.DisposeAsync().Soon();
        await gone.Soon();

        Assert.Null(await Coord.ExistsAsync(At("e"), ReadOptions.Fresh).Soon());
    }

    [Fact]
    public async Task Sequential_names_count_up_and_protected_ones_carry_a_guid()
    {
        var plain = new CreateOptions { Mode = CreateMode.PersistentSequential };
        Assert.Equal(At("s-0000000000"), (await Coord.CreateAsync(At("s-"), default, plain).Soon()).Path);
        Assert.Equal(At("s-0000000001"), (await Coord.CreateAsync(At("s-"), default, plain).Soon()).Path);

        var made = await Coord.CreateAsync(At("s-"), default, plain with { Protected = true }).Soon();

        Assert.Matches("^_c_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-s-0000000002$", ZnodePath.Name(made.Path));
    }

    [Fact]
    public async Task Missing_parents_are_made_when_asked()
    {
        await Coord.CreateAsync(At("p/q/r"), Bytes, new CreateOptions { Parents = CreateParents.Persistent }).Soon();

        Assert.Equal(["r"], (await Coord.GetChildrenAsync(At("p/q")).Soon()).Names);
        await Coord.DeleteTreeAsync(At("p")).Soon();
        Assert.Null(await Coord.ExistsAsync(At("p")).Soon());
    }

    [Fact]
    public async Task A_multi_is_done_all_or_not_at_all()
    {
        await Coord.CreateAsync(At("a"), Bytes).Soon();

        var results = await Coord.CreateMulti()
            .Check(At("a"), 0)
            .Set(At("a"), default, 0)
            .Create(At("a/m-"), Bytes, CreateMode.PersistentSequential)
            .Delete(At("a/m-0000000000"))
            .CommitAsync().Soon();
        Assert.Equal(4, results.Count);
        Assert.Equal(1, results[1].Stat!.Value.Version);
        Assert.Equal(At("a/m-0000000000"), results[2].Path);

        var error = await Assert.ThrowsAsync<MultiFailedException>(() => Coord.CreateMulti()
            .Set(At("a"), Bytes, 1).Check(At("a"), 9).Create(At("b")).CommitAsync().Soon());
        Assert.Equal((1, ErrorCode.BadVersion, OpCode.Check), (error.Index, error.Code, error.Operation));
        Assert.Equal(1, (await Coord.GetAsync(At("a")).Soon()).Stat.Version);
    }

    [Theory]
    [InlineData(ReadConsistency.Fresh)]
    [InlineData(ReadConsistency.Linearizable)]
    public async Task A_fresh_read_sees_what_another_client_has_written(ReadConsistency consistency)
    {
        var other = consistency == ReadConsistency.Fresh ? await ConnectForFreshReadsAsync() : Connect();
        await Coord.CreateAsync(At("a")).Soon();
        var read = new ReadOptions { Consistency = consistency };
        for (var version = 1; version <= 50; version++)
        {
            await Coord.SetAsync(At("a"), default, SetOptions.Overwrite).Soon();
            Assert.Equal(version, (await other.GetAsync(At("a"), read).Soon()).Stat.Version);
        }
    }

    [Fact]
    public async Task A_chroot_is_added_and_stripped_everywhere()
    {
        var view = Coord.WithChroot(Root);

        var made = await view.CreateAsync("/x", Bytes).Soon();
        Assert.Equal("/x", made.Path);
        Assert.Equal("/x", (await view.GetAsync("/x").Soon()).Path);
        Assert.Equal(["x"], (await view.GetChildrenAsync("/").Soon()).Names);
        var results = await view.CreateMulti().Create("/y").CommitAsync().Soon();
        Assert.Equal("/y", results[0].Path);
        Assert.NotNull(await Coord.ExistsAsync(At("y")).Soon());
    }

    [Fact]
    public async Task Ten_thousand_requests_are_in_flight_at_once_and_answered_in_order()
    {
        await Coord.CreateAsync(At("n")).Soon();

        var sets = Enumerable.Range(0, 10_000)
            .Select(_ => Coord.SetAsync(At("n"), Bytes, SetOptions.Overwrite).AsTask()).ToArray();
        var stats = await Task.WhenAll(sets).Soon();

        Assert.Equal(Enumerable.Range(1, 10_000), stats.Select(stat => stat.Version));
    }

    [Fact]
    public async Task Bytes_up_to_the_limit_travel_both_ways()
    {
        var large = new byte[1024 * 1024 - (2 * 1024)];
        Random.Shared.NextBytes(large);

        await Coord.CreateAsync(At("large"), large).Soon();

        Assert.Equal(large, (await Coord.GetAsync(At("large")).Soon()).Bytes.ToArray());
    }

    [Fact]
    public async Task A_reply_over_the_limit_fails_its_call_and_keeps_the_session()
    {
        var other = Connect(new CoordClientOptions { MaxReplyBytes = 64 * 1024 });
        await Coord.CreateAsync(At("large"), new byte[100_000]).Soon();
        var session = await other.ConnectAsync().Soon();

        var large = other.GetAsync(At("large")).AsTask();
        var small = other.ExistsAsync(At("large")).AsTask();

        await Assert.ThrowsAsync<ReplyTooLargeException>(() => large.Soon());
        Assert.Equal(100_000, (await small.Soon())!.Value.DataLength);
        Assert.Same(session, other.Session);
    }

    /// <summary>A client of a server whose fresh reads are fresh: any, but on some kinds of servers.</summary>
    protected virtual Task<CoordClient> ConnectForFreshReadsAsync() => Task.FromResult(Connect());
}
