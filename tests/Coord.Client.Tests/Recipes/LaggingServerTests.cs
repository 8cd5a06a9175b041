using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>
/// A try is refused only on what is true behind a barrier: a client's server may not have heard of a release yet.
/// </summary>
public sealed class LaggingServerTests : IAsyncDisposable
{
    private readonly ScriptedCluster cluster = new(nodes: 2);
    private readonly CoordClient coord;
    private readonly CoordClient other;

    public LaggingServerTests()
    {
        coord = cluster.Connect();
        other = cluster.Connect();
    }

    public static TheoryData<string> Kinds => ["mutex", "reader", "writer", "upgradeable", "single znode", "semaphore"];

    public async ValueTask DisposeAsync()
    {
        await coord.DisposeAsync();
        await other.DisposeAsync();
        cluster.Dispose();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_was_let_go_is_had_though_our_server_still_shows_the_holder(string kind)
    {
        await (await TryAsync(kind, coord))!.DisposeAsync().Soon();
        var held = await TryAsync(Against(kind), other);
        Assert.NotNull(held);
        cluster.LagBehind(coord.Session.Id.Value);
        await held.DisposeAsync().Soon();

        await using var granted = await TryAsync(kind, coord);
        Assert.NotNull(granted);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_somebody_holds_is_refused_though_our_server_does_not_show_it_yet(string kind)
    {
        await (await TryAsync(kind, coord))!.DisposeAsync().Soon();
        cluster.LagBehind(coord.Session.Id.Value);
        await using var held = await TryAsync(Against(kind), other);

        Assert.NotNull(held);
        Assert.Null(await TryAsync(kind, coord));
    }

    // Readers stand in each other's way no more than they should.
    private static string Against(string kind) => kind == "reader" ? "writer" : kind;

    private static async Task<ILockHandle?> TryAsync(string kind, CoordClient client) => kind switch
    {
        "mutex" => await new DistributedMutex(client, "/mutex").TryAcquireAsync().Soon(),
        "reader" => await new DistributedReadWriteLock(client, "/both").TryAcquireReadAsync().Soon(),
        "writer" => await new DistributedReadWriteLock(client, "/both").TryAcquireWriteAsync().Soon(),
        "upgradeable" => await new DistributedUpgradeableLock(client, "/three").TryAcquireUpgradeableAsync().Soon(),
        "single znode" => await new SingleZnodeLock(client, "/single").TryAcquireAsync().Soon(),
        _ => await new DistributedSemaphore(client, "/semaphore", 1).TryAcquireAsync().Soon(),
    };
}
