using System.Text;
using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>What every recipe promises (client-sdk.md 9), shown with the mutex.</summary>
public sealed class MutexPromiseTests : IDisposable
{
    private readonly ScriptedCluster cluster = new();

    public void Dispose() => cluster.Dispose();

    [Fact]
    public async Task A_znode_that_is_found_gone_fires_the_lost_token()
    {
        await using var coord = cluster.Connect();
        var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();
        cluster.Edit(tree => tree.Delete(held.Path, -1));

        Assert.False(await held.VerifyAsync().Soon());

        await held.LostToken.WaitAsync();
        Assert.False(coord.Session.IsLost);
    }

    [Fact]
    public async Task Who_looks_for_revocation_learns_at_once_that_the_znode_was_deleted()
    {
        await using var coord = cluster.Connect();
        var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();
        var revoked = held.RevokedToken;

        cluster.Edit(tree => tree.Delete(held.Path, -1));

        await held.LostToken.WaitAsync();
        Assert.False(revoked.IsCancellationRequested);
    }

    /// <summary>Curator's Revoker writes this text over whatever the holder wrote.</summary>
    [Fact]
    public async Task A_mark_of_Curators_is_understood_and_written_where_there_is_no_record()
    {
        await using var coord = cluster.Connect();
        var mutex = new DistributedMutex(coord, "/lock", new MutexOptions { WriteRecord = false });
        var held = await mutex.AcquireAsync().Soon();

        Assert.True(await mutex.RevokeAsync("whatever").Soon());
        await held.RevokedToken.WaitAsync();

        Assert.Equal("__REVOKE__"u8.ToArray(), cluster.Look(tree => tree.Find(held.Path)!.Bytes));
        Assert.Null((await mutex.GetStateAsync().Soon()).Holders[0].Record);
    }

    [Fact]
    public async Task A_revocation_that_came_before_anybody_looked_is_seen_after_a_reconnect_too()
    {
        await using var coord = cluster.Connect();
        var mutex = new DistributedMutex(coord, "/lock");
        await using var held = await mutex.AcquireAsync().Soon();
        Assert.True(await mutex.RevokeAsync("moving").Soon());
        cluster.CutAll();

        await held.RevokedToken.WaitAsync();

        Assert.Equal("moving", (await mutex.GetStateAsync().Soon()).Holders[0].Record!.RevokedFor);
    }

    [Fact]
    public async Task A_root_of_another_recipe_is_refused_and_nothing_is_left_there()
    {
        await using var coord = cluster.Connect();
        await coord.CreateAsync("/lock", "coord:semaphore:1 5"u8.ToArray()).Soon();

        var error = await Assert.ThrowsAsync<RecipeMismatchException>(
            () => new DistributedMutex(coord, "/lock").AcquireAsync().Soon());

        Assert.Equal("/lock", error.Path);
        Assert.Empty(cluster.Look(tree => tree.ChildrenOf("/lock").ToList()));
        Assert.Equal("coord:semaphore:1 5"u8.ToArray(), cluster.Look(tree => tree.Find("/lock")!.Bytes));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_root_is_tagged_and_a_container_unless_it_is_to_stay(bool isContainer)
    {
        await using var coord = cluster.Connect();
        var options = new MutexOptions { CleanUpParent = isContainer };

        await using var held = await new DistributedMutex(coord, "/locks/a/lock", options).AcquireAsync().Soon();

        Assert.Equal(isContainer, cluster.SeenOf(OpCode.CreateContainer) > 0);
        Assert.Equal("coord:mutex:1"u8.ToArray(), cluster.Look(tree => tree.Find("/locks/a/lock")!.Bytes));
    }

    [Fact]
    public async Task A_root_without_a_tag_and_children_that_are_no_contenders_are_accepted()
    {
        await using var coord = cluster.Connect();
        await coord.CreateAsync("/lock", "192.0.2.7"u8.ToArray()).Soon();
        await coord.CreateAsync("/lock/stranger").Soon();

        await using var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();

        Assert.Equal(HandleState.Held, held.State);
        Assert.Equal("192.0.2.7"u8.ToArray(), cluster.Look(tree => tree.Find("/lock")!.Bytes));
    }

    [Fact]
    public async Task A_line_tells_who_holds_and_who_waits_and_shows_the_unreadable_as_unknown()
    {
        await using var coord = cluster.Connect();
        var mutex = new DistributedMutex(coord, "/lock", new MutexOptions { Note = new string('é', 256) });
        Assert.Empty((await mutex.GetStateAsync().Soon()).Holders);
        await using var held = await mutex.AcquireAsync().Soon();
        cluster.Edit(tree =>
        {
            var path = "/lock/_c_x-lock-";
            tree.Create(ref path, "10.0.0.7"u8.ToArray(), CreateMode.EphemeralSequential, session: 99);
        });

        var state = await mutex.GetStateAsync().Soon();

        Assert.Equal(new string('é', 256), Assert.Single(state.Holders).Record!.Note);
        Assert.Null(Assert.Single(state.Waiting).Record);
        Assert.InRange(cluster.Look(tree => tree.Find(held.Path)!.Bytes.Length), 1, 1024);
    }

    /// <summary>Storage that checks no tokens gets the time to finish what a crashed holder sent.</summary>
    [Fact]
    public async Task After_a_crash_the_next_holder_waits_and_after_a_release_it_does_not()
    {
        var delay = TimeSpan.FromSeconds(4);
        var options = new MutexOptions { AfterCrashDelay = delay };
        var time = new FakeTimeProvider();
        await using var crashing = cluster.Connect();
        await using var next = new CoordClient(
            cluster.ConnectionString, new CoordClientOptions { TimeProvider = time });
        var mutex = new DistributedMutex(next, "/lock", options);
        await (await mutex.AcquireAsync().Soon()).DisposeAsync().Soon();
        var crashed = await new DistributedMutex(crashing, "/lock", options).AcquireAsync().Soon();
        var waiting = mutex.AcquireAsync().AsTask();
        var crashedAt = time.GetTimestamp();

        cluster.Expire(crashing.Session.Id.Value);
        await time.PassAsync(delay);
        await using var held = await waiting.Soon();

        Assert.InRange(time.GetElapsedTime(crashedAt), delay, TimeSpan.MaxValue);
        Assert.Equal($"coord:mutex:1 {held.Token.Value}", Root());
        Assert.True(held.Token > crashed.Token);
        await held.DisposeAsync().Soon();
        Assert.Equal("coord:mutex:1", Root());
    }

    [Theory]
    [InlineData(FaultKind.DropReply)]
    [InlineData(FaultKind.DropRequest)]
    public async Task A_note_whose_reply_is_lost_is_left_once_and_delays_nobody(FaultKind kind)
    {
        var options = new MutexOptions { AfterCrashDelay = TimeSpan.FromHours(1) };
        await using var coord = cluster.Connect();
        var mutex = new DistributedMutex(coord, "/lock", options);
        await coord.ConnectAsync().Soon();
        cluster.On(OpCode.SetData, kind);

        await using var held = await mutex.AcquireAsync().Soon();

        Assert.Equal($"coord:mutex:1 {held.Token.Value}", Root());
    }

    [Fact]
    public async Task A_delay_after_a_crash_needs_a_root_that_stays()
    {
        await using var coord = cluster.Connect();
        await coord.CreateAsync("/lock", "other bytes"u8.ToArray()).Soon();
        var options = new MutexOptions { AfterCrashDelay = TimeSpan.FromSeconds(1) };

        await Assert.ThrowsAsync<RecipeMismatchException>(
            () => new DistributedMutex(coord, "/lock", options).AcquireAsync().Soon());

        Assert.Empty(cluster.Look(tree => tree.ChildrenOf("/lock").ToList()));
    }

    private string Root() => cluster.Look(tree => Encoding.UTF8.GetString(tree.Find("/lock")!.Bytes));
}
