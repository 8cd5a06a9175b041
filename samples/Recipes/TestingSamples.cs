using Coord.Client;
using Coord.Client.Recipes;
using Coord.Client.Testing;

namespace Recipes;

internal static class TestingSamples
{
    public static async Task AHolderThatIsLostStopsAsync()
    {
        await using var cluster = await CoordTestCluster.StartAsync(nodes: 3);
        await using var coord = cluster.CreateClient();
        await using var held = await new DistributedMutex(coord, "/lock").AcquireAsync();
        var job = RunJobAsync(held.LostToken);

        await cluster.ExpireAsync(coord);

        await job;   // a job that does not look at the token never ends
    }

    public static async Task OneClientIsEnoughAsync()
    {
        await using var coord = await InMemoryCoordClient.StartAsync();
        await coord.CreateAsync("/a", "hello"u8.ToArray());
    }

    public static async Task ATimeoutIsTheTestsAsync()
    {
        var options = new CoordTestClusterOptions { TimeStandsStill = true };
        await using var cluster = await CoordTestCluster.StartAsync(nodes: 1, options);
        await using var coord = cluster.CreateClient();
        await using var other = cluster.CreateClient();
        await using var held = await new DistributedMutex(coord, "/lock").AcquireAsync();

        var waiting = new DistributedMutex(other, "/lock").TryAcquireAsync(TimeSpan.FromMinutes(5)).AsTask();
        await cluster.PassAsync(waiting);   // five minutes that take a moment

        Console.WriteLine(await waiting is null ? "given up" : "acquired");
    }

    public static async Task WhatGoesWrongAsync(CoordTestCluster cluster, CoordClient coord)
    {
        cluster.Faults.DropNextReply(coord, RequestKind.Create);     // done on the server, unknown to the client
        cluster.Faults.Partition(coord);                             // until Heal
        cluster.Faults.Delay(RequestKind.Multi, TimeSpan.FromSeconds(2));
        cluster.Faults.DropAtRandom(0.1, seed: 7, RequestKind.Set, RequestKind.Multi);
        await cluster.Leader.KillAsync();
        cluster.Time.Advance(TimeSpan.FromSeconds(30));
    }

    public static async Task SectionsNeverOverlapAsync(CoordTestCluster cluster, IReadOnlyList<CoordClient> clients)
    {
        var probe = new ExclusionProbe();
        await Task.WhenAll(clients.Select(async client =>
        {
            await using var held = await new DistributedMutex(client, "/lock").AcquireAsync();
            await probe.RunAsync(held, () => Task.Delay(TimeSpan.FromMilliseconds(5), cluster.Time));
        }));
        probe.Verify();
    }

    public static async Task EveryAddCountsOnceAsync(IReadOnlyList<CoordClient> clients)
    {
        var probe = new CounterProbe();
        await Task.WhenAll(clients.Select(client =>
            probe.AddAsync(5, () => new DistributedCounter(client, "/visits").AddAsync(5))));
        probe.Verify(await new DistributedCounter(clients[0], "/visits").GetAsync());
    }

    private static async Task RunJobAsync(CancellationToken lost)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lost.Register(stopped.SetResult);
        await stopped.Task;
    }
}
