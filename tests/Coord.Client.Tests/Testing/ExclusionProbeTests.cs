using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>A probe that cannot fail judges nothing: broken locks are caught, and sound ones are not accused.</summary>
public sealed class ExclusionProbeTests
{
    /// <summary>Looks, and then creates: between the two there is room for another.</summary>
    [Fact]
    public async Task A_lock_that_looks_before_it_creates_is_caught()
    {
        await using var cluster = await CoordTestCluster.StartAsync();
        await using var one = cluster.CreateClient();
        await using var other = cluster.CreateClient();
        await one.CreateAsync("/lock").Soon();
        var probe = new ExclusionProbe();

        var seenByOne = await one.GetChildrenAsync("/lock").Soon();
        var seenByOther = await other.GetChildrenAsync("/lock").Soon();
        var first = await GrantIfEmptyAsync(one, seenByOne);
        var second = await GrantIfEmptyAsync(other, seenByOther);
        using var section = probe.Enter(first);

        var seen = Assert.Throws<ProbeFailedException>(() => probe.Enter(second));
        Assert.Contains(first.Path, seen.Message, StringComparison.Ordinal);
        Assert.Contains(second.Path, seen.Message, StringComparison.Ordinal);
        Assert.Throws<ProbeFailedException>(probe.Verify);
    }

    [Theory]
    [InlineData(7, 6)]
    [InlineData(7, 7)]
    public void A_token_that_does_not_grow_is_caught(long earlier, long later)
    {
        var probe = new ExclusionProbe();

        probe.Enter(new PlainHandle("/lock/a", earlier)).Dispose();

        Assert.Throws<ProbeFailedException>(() => probe.Enter(new PlainHandle("/lock/b", later)));
    }

    [Fact]
    public void What_a_holder_does_after_its_loss_does_not_count()
    {
        var probe = new ExclusionProbe();
        using var lost = new CancellationTokenSource();
        using var late = probe.Enter(new PlainHandle("/lock/a", 1) { LostToken = lost.Token });

        lost.Cancel();
        probe.Enter(new PlainHandle("/lock/b", 2)).Dispose();

        probe.Verify();
        Assert.Equal(2, probe.Sections);
    }

    [Fact]
    public async Task Handles_of_one_grant_may_meet()
    {
        await using var cluster = await CoordTestCluster.StartAsync();
        await using var coord = cluster.CreateClient();
        await using var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();
        await using var shared = held.Share();
        var probe = new ExclusionProbe();

        using var section = probe.Enter(held);
        await probe.RunAsync(shared).Soon();

        probe.Verify();
    }

    private static async Task<ILockHandle> GrantIfEmptyAsync(CoordClient client, ChildList seen)
    {
        Assert.Empty(seen.Names);
        var options = new CreateOptions { Mode = CreateMode.EphemeralSequential };
        var made = await client.CreateAsync("/lock/c-", default, options).Soon();
        return new PlainHandle(made.Path, made.Stat.Czxid);
    }

    /// <summary>A handle that says what it was told to.</summary>
    private sealed class PlainHandle(string path, long token) : ILockHandle
    {
        public string Path => path;

        public FencingToken Token { get; } = new(token);

        public CancellationToken LostToken { get; init; }

        public CancellationToken RevokedToken => CancellationToken.None;

        public HandleState State => HandleState.Held;

        public TimeSpan Remaining => TimeSpan.MaxValue;

        public ValueTask<bool> VerifyAsync(CancellationToken ct = default) => throw new NotSupportedException();

        public ValueTask<ReleaseResult> ReleaseAsync(CancellationToken ct = default) =>
            throw new NotSupportedException();

        public Multi CreateMulti() => throw new NotSupportedException();

        public ILockHandle Share() => throw new NotSupportedException();

        public void ThrowIfLost() => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
