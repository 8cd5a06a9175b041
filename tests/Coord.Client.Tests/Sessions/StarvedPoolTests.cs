using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>Acceptance scenario 19, alone in the process: the pool is everybody's.</summary>
[Collection(Name)]
public sealed class StarvedPoolTests
{
    private const string Name = "starved pool";

    // Where the server proves a session by its ping, and where a write has to.
    [Theory]
    [InlineData("session-proof")]
    [InlineData(null)]
    public async Task A_starved_pool_costs_no_session_and_no_lock(string? features)
    {
        using var cluster = new ScriptedCluster(nodes: 2) { Features = features };
        var options = new CoordClientOptions { SessionTimeout = TimeSpan.FromSeconds(4) };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        coord.RequireSessionProof();
        var session = await coord.ConnectAsync().Soon();
        await using var held = await new DistributedMutex(coord, "/lock").AcquireAsync().Soon();
        var release = new ManualResetEventSlim();
        var wasLost = false;
        var watcher = new Thread(() =>
        {
            wasLost = held.LostToken.WaitHandle.WaitOne(3 * session.NegotiatedTimeout);
            release.Set();
        });

        watcher.Start();
        for (var i = 0; i < 500; i++)
            ThreadPool.UnsafeQueueUserWorkItem(_ => release.Wait(), null);
        watcher.Join();

        Assert.False(wasLost);
        Assert.Equal(HandleState.Held, held.State);
        Assert.True(await held.VerifyAsync().Soon());
        Assert.True(session.Remaining > TimeSpan.Zero);
    }

    [CollectionDefinition(Name, DisableParallelization = true)]
    public sealed class Alone;
}
