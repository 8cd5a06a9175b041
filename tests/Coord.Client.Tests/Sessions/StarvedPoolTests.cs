namespace Coord.Client.Tests;

/// <summary>Acceptance scenario 19, alone in the process: the pool is everybody's.</summary>
[Collection(Name)]
public sealed class StarvedPoolTests
{
    private const string Name = "starved pool";

    [Fact]
    public async Task A_starved_pool_costs_no_session()
    {
        using var cluster = new ScriptedCluster(nodes: 2) { Features = "session-proof" };
        var options = new CoordClientOptions { SessionTimeout = TimeSpan.FromSeconds(5) };
        await using var coord = new CoordClient(cluster.ConnectionString, options);
        coord.RequireSessionProof();
        var session = await coord.ConnectAsync().Soon();
        var release = new ManualResetEventSlim();
        var wasLost = false;
        var watcher = new Thread(() =>
        {
            wasLost = session.LostToken.WaitHandle.WaitOne(2 * session.NegotiatedTimeout);
            release.Set();
        });

        watcher.Start();
        for (var i = 0; i < 500; i++)
            ThreadPool.UnsafeQueueUserWorkItem(_ => release.Wait(), null);
        watcher.Join();

        Assert.False(wasLost);
        Assert.True(session.Remaining > TimeSpan.Zero);
    }

    [CollectionDefinition(Name, DisableParallelization = true)]
    public sealed class Alone;
}
