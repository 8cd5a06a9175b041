using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>Every line of the table of client-sdk.md 5: what is known after the reply to a write was lost.</summary>
public sealed class LostReplyTests : IDisposable
{
    private static readonly byte[] Bytes = [1, 2, 3];

    private readonly ScriptedCluster cluster = new(nodes: 2);

    public void Dispose() => cluster.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_persistent_create_that_was_not_done_is_sent_again(bool isHeldBack)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var fault = cluster.On(OpCode.Create2, isHeldBack ? FaultKind.HoldBack : FaultKind.DropRequest);

        await coord.CreateAsync("/a", Bytes).Soon();
        fault.Deliver();

        Assert.Equal(Bytes, cluster.Look(tree => tree.Find("/a")!.Bytes));
    }

    [Fact]
    public async Task A_persistent_create_that_was_done_cannot_be_told_from_somebody_elses()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        cluster.On(OpCode.Create2, FaultKind.DropReply);

        var error = await Assert.ThrowsAsync<NodeExistsException>(() => coord.CreateAsync("/a", Bytes).Soon());

        Assert.Equal(Outcome.Unknown, error.Outcome);
    }

    [Fact]
    public async Task A_znode_older_than_the_request_is_certainly_not_ours()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a", Bytes).Soon();
        cluster.On(OpCode.Create2, FaultKind.DropReply);

        var error = await Assert.ThrowsAsync<NodeExistsException>(() => coord.CreateAsync("/a", Bytes).Soon());

        Assert.Equal(Outcome.NotApplied, error.Outcome);
    }

    [Fact]
    public async Task An_idempotent_create_takes_equal_bytes_for_its_own()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        cluster.On(OpCode.Create2, FaultKind.DropReply);

        var made = await coord.CreateAsync("/a", Bytes, new CreateOptions { Idempotent = true }).Soon();

        Assert.Equal("/a", made.Path);
    }

    [Fact]
    public async Task An_ephemeral_create_is_resolved_by_its_owner()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        cluster.On(OpCode.Create2, FaultKind.DropReply);

        var made = await coord.CreateAsync("/a", Bytes, new CreateOptions { Mode = CreateMode.Ephemeral }).Soon();

        Assert.Equal(coord.Session.Id.Value, made.Stat.EphemeralOwner);
    }

    /// <summary>The owner is the session, not the call: one znode is made by one call.</summary>
    [Fact]
    public async Task Of_several_ephemeral_creates_in_flight_one_has_made_the_znode()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.ConnectAsync().Soon();
        cluster.On(OpCode.Create2, FaultKind.DropReply);
        var options = new CreateOptions { Mode = CreateMode.Ephemeral };

        var made = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => coord.TryCreateAsync("/e", Bytes, options).AsTask())).Soon();

        Assert.Single(made, znode => znode is not null);
    }

    [Fact]
    public async Task An_ephemeral_znode_that_was_there_before_is_not_made_again()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var options = new CreateOptions { Mode = CreateMode.Ephemeral };
        await coord.CreateAsync("/e", Bytes, options).Soon();
        cluster.On(OpCode.Create2, FaultKind.DropReply);

        var error = await Assert.ThrowsAsync<NodeExistsException>(() => coord.CreateAsync("/e", Bytes, options).Soon());

        Assert.Equal(Outcome.NotApplied, error.Outcome);
    }

    [Fact]
    public async Task A_sequential_create_without_protection_stays_unknown()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        cluster.On(OpCode.Create2, FaultKind.DropReply);

        var error = await Assert.ThrowsAsync<ConnectionLossException>(
            () => coord.CreateAsync("/a-", Bytes, new CreateOptions { Mode = CreateMode.PersistentSequential }).Soon());

        Assert.Equal(Outcome.Unknown, error.Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_protected_create_is_resolved_exactly(bool wasDone)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        cluster.On(OpCode.Create2, wasDone ? FaultKind.DropReply : FaultKind.DropRequest);
        var options = new CreateOptions { Mode = CreateMode.EphemeralSequential, Protected = true };

        var made = await coord.CreateAsync("/a-", Bytes, options).Soon();

        Assert.Equal([ZnodePath.Name(made.Path)], cluster.Look(tree => tree.ChildrenOf("/").ToList()));
    }

    /// <summary>
    /// Acceptance scenario 24: a write held back on the old connection is refused once the session was taken up
    /// elsewhere.
    /// </summary>
    [Fact]
    public async Task A_protected_create_that_arrives_late_leaves_one_znode()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        var fault = cluster.On(OpCode.Create2, FaultKind.HoldBack);

        await coord.CreateAsync(
            "/a-", Bytes, new CreateOptions { Mode = CreateMode.PersistentSequential, Protected = true }).Soon();
        fault.Deliver();

        Assert.Single(cluster.Look(tree => tree.ChildrenOf("/").ToList()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_create_given_up_after_sending_is_swept(bool byCancellation)
    {
        var options = new CoordClientOptions
        {
            RequestTimeout = TimeSpan.FromSeconds(byCancellation ? 60 : 3),
        };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        await coord.ConnectAsync().Soon();
        var fault = cluster.On(OpCode.Create2, FaultKind.Swallow);
        using var cancel = new CancellationTokenSource();

        var create = coord.CreateAsync("/a", Bytes, new CreateOptions { Protected = true }, cancel.Token).AsTask();
        await fault.Hit.Soon();
        if (byCancellation)
            await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => create.Soon());
        // The swallowed reply keeps the replies behind it waiting: a new connection is what the sweeper needs.
        cluster.CutAll();

        for (var began = TimeProvider.System.GetTimestamp(); cluster.Look(tree => tree.ChildrenOf("/").Any());)
        {
            await coord.SyncAsync().Soon();
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromMinutes(1), "it was not swept");
        }
    }

    [Fact]
    public async Task A_versioned_set_that_was_not_done_is_sent_again()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a").Soon();
        var fault = cluster.On(OpCode.SetData, FaultKind.HoldBack);

        var stat = await coord.SetAsync("/a", Bytes, 0).Soon();
        fault.Deliver();

        Assert.Equal(1, stat.Version);
        Assert.Equal(1, cluster.Look(tree => tree.Find("/a")!.Version));
    }

    [Fact]
    public async Task A_versioned_set_that_was_done_is_unknown_since_equal_bytes_prove_nothing()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a").Soon();
        cluster.On(OpCode.SetData, FaultKind.DropReply);

        var error = await Assert.ThrowsAsync<BadVersionException>(() => coord.SetAsync("/a", Bytes, 0).Soon());

        Assert.Equal(Outcome.Unknown, error.Outcome);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_overwrite_is_repeated_only_when_that_was_said(bool isRepeatable)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a").Soon();
        cluster.On(OpCode.SetData, FaultKind.DropReply);
        var set = () => coord.SetAsync("/a", Bytes, new SetOptions { Repeatable = isRepeatable }).Soon();

        if (isRepeatable)
            Assert.Equal(2, (await set()).Version);
        else
            Assert.Equal(Outcome.Unknown, (await Assert.ThrowsAsync<ConnectionLossException>(set)).Outcome);
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    public async Task A_delete_is_always_resolved(bool wasDone, int? version)
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a").Soon();
        cluster.On(OpCode.Delete, wasDone ? FaultKind.DropReply : FaultKind.DropRequest);

        var deleted = await coord.DeleteAsync("/a", new DeleteOptions { ExpectedVersion = version }).Soon();

        Assert.True(deleted);
        Assert.Null(cluster.Look(tree => tree.Find("/a")));
    }

    [Fact]
    public async Task A_multi_stays_unknown()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a").Soon();
        cluster.On(OpCode.Multi, FaultKind.DropReply);

        var error = await Assert.ThrowsAsync<ConnectionLossException>(
            () => coord.CreateMulti().Set("/a", Bytes).CommitAsync().Soon());

        Assert.Equal(Outcome.Unknown, error.Outcome);
    }

    /// <summary>
    /// Acceptance scenario 24, after the loss of the session: never reported as not applied and applied later.
    /// </summary>
    [Fact]
    public async Task A_write_in_flight_when_the_session_is_lost_stays_unknown()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a").Soon();
        cluster.RefusesHandshakes = true;
        var fault = cluster.On(OpCode.SetData, FaultKind.HoldBack);
        var set = coord.SetAsync("/a", Bytes, 0).AsTask();
        await fault.Hit.Soon();
        await coord.WaitForAsync(SessionState.Suspended);

        fault.Deliver();
        cluster.Expire(coord.Session.Id.Value);
        cluster.RefusesHandshakes = false;

        var error = await Assert.ThrowsAnyAsync<CoordException>(() => set.Soon());
        Assert.Equal(Outcome.Unknown, error.Outcome);
        Assert.Equal(1, cluster.Look(tree => tree.Find("/a")!.Version));
    }

    [Fact]
    public async Task A_write_not_sent_when_the_session_is_lost_was_not_applied()
    {
        await using var coord = new CoordClient(cluster.ConnectionString);
        await coord.CreateAsync("/a").Soon();
        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);
        var set = coord.SetAsync("/a", Bytes, 0).AsTask();
        cluster.Expire(coord.Session.Id.Value);
        cluster.RefusesHandshakes = false;

        var error = await Assert.ThrowsAsync<SessionLostException>(() => set.Soon());

        Assert.Equal(Outcome.NotApplied, error.Outcome);
        Assert.Equal(0, (await coord.GetAsync("/a").Soon()).Stat.Version);
    }
}
