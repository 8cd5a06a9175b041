using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>The lock without a line, under faults (client-sdk.md 10.6).</summary>
public sealed class SingleZnodeLockTests : IDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2);

    public void Dispose() => cluster.Dispose();

    /// <summary>Acceptance scenario 1.</summary>
    [Theory]
    [InlineData(OpCode.Create2, FaultKind.DropReply)]
    [InlineData(OpCode.Create2, FaultKind.DropRequest)]
    [InlineData(OpCode.GetData, FaultKind.DropReply)]
    public async Task A_lost_reply_makes_one_grant(OpCode step, FaultKind kind)
    {
        await using var coord = cluster.Connect();
        await coord.ConnectAsync().Soon();
        cluster.On(step, kind, path => path == "/lock");

        await using var held = await new SingleZnodeLock(coord, "/lock").AcquireAsync().Soon();

        Assert.Equal(held.Token.Value, cluster.Look(tree => tree.Find("/lock")!.Czxid));
        Assert.Equal(HandleState.Held, held.State);
    }

    /// <summary>A lost reply is resolved by the session alone, which two calls of one process share.</summary>
    [Fact]
    public async Task Two_calls_of_one_session_never_both_take_the_znode_for_theirs()
    {
        await using var coord = cluster.Connect();
        await coord.ConnectAsync().Soon();
        var probe = new ExclusionProbe();
        var random = new Random(6);
        cluster.Randomly(op => op is OpCode.Create2 or OpCode.Delete or OpCode.GetData && random.Next(8) == 0
            ? random.Next(2) == 0 ? FaultKind.DropReply : FaultKind.DropRequest
            : null);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            var single = new SingleZnodeLock(coord, "/lock");
            for (var i = 0; i < 5; i++)
            {
                await using var held = await single.AcquireAsync();
                await probe.RunAsync(held);
            }
        })).Soon();
        cluster.Randomly(null);

        Assert.Equal(20, probe.Sections);
    }

    [Fact]
    public async Task A_release_whose_reply_is_lost_does_not_remove_a_later_lock()
    {
        await using var coord = cluster.Connect();
        await using var other = cluster.Connect();
        var held = await new SingleZnodeLock(coord, "/lock").AcquireAsync().Soon();
        await other.ConnectAsync().Soon();
        cluster.RefusesHandshakes = false;
        var fault = cluster.On(OpCode.Delete, FaultKind.DropReply);

        var releasing = held.ReleaseAsync().AsTask();
        await fault.Hit.Soon();
        await using var next = await new SingleZnodeLock(other, "/lock").AcquireAsync().Soon();
        await releasing.Soon();
        await coord.SyncAsync().Soon();

        Assert.True(await next.VerifyAsync().Soon());
        Assert.Equal(next.Token.Value, cluster.Look(tree => tree.Find("/lock")!.Czxid));
    }

    [Fact]
    public async Task A_holder_learns_at_once_that_its_znode_is_another()
    {
        await using var coord = cluster.Connect();
        var held = await new SingleZnodeLock(coord, "/lock").AcquireAsync().Soon();

        cluster.Edit(tree =>
        {
            var path = "/lock";
            tree.Delete(path, -1);
            tree.Create(ref path, [], CreateMode.Ephemeral, session: 99);
        });
        await held.LostToken.WaitAsync();

        Assert.Equal(ReleaseResult.AlreadyLost, await held.ReleaseAsync().Soon());
        Assert.Equal(99, cluster.Look(tree => tree.Find("/lock")!.Owner));
    }

    [Fact]
    public async Task Who_does_not_wait_leaves_and_who_waits_gets_it_next()
    {
        await using var coord = cluster.Connect();
        await using var other = cluster.Connect();
        var held = await new SingleZnodeLock(coord, "/locks/night", new LockOptions { Note = "night" }).AcquireAsync()
            .Soon();
        var second = new SingleZnodeLock(other, "/locks/night");

        Assert.Null(await second.TryAcquireAsync().Soon());
        Assert.Null(await second.TryAcquireAsync(TimeSpan.FromMilliseconds(50)).Soon());
        Assert.Equal("night", (await second.GetStateAsync().Soon()).Holders[0].Record!.Note);
        await Assert.ThrowsAsync<LockRecursionException>(
            () => new SingleZnodeLock(coord, "/locks/night").AcquireAsync().Soon());
        var waiting = second.AcquireAsync().AsTask();
        Assert.Equal(ReleaseResult.Released, await held.ReleaseAsync().Soon());

        await using var granted = await waiting.Soon();
        Assert.True(granted.Token > held.Token);
    }

    /// <summary>Acceptance scenario 7: no orphan and no exception.</summary>
    [Fact]
    public async Task A_release_while_disconnected_is_finished_in_the_background()
    {
        await using var coord = cluster.Connect();
        await using var other = cluster.Connect();
        var held = await new SingleZnodeLock(coord, "/lock").AcquireAsync().Soon();
        cluster.RefusesHandshakes = true;
        cluster.CutAll();
        await coord.WaitForAsync(SessionState.Suspended);

        Assert.Equal(ReleaseResult.Pending, await held.ReleaseAsync().Soon());
        cluster.RefusesHandshakes = false;

        await using var granted = await new SingleZnodeLock(other, "/lock").AcquireAsync().Soon();
        Assert.False(held.LostToken.IsCancellationRequested);
    }
}
