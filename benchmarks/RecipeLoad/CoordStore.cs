using System.Globalization;
using Coord.Client;
using Coord.Client.Recipes;

namespace Coord.RecipeLoad;

/// <summary>Coord's client, on Coord or on ZooKeeper.</summary>
internal sealed class CoordStore(LoadOptions options) : IStore
{
    private const int BlockSize = 1000;
    private const int WorkerRange = 1024;

    private readonly List<IAsyncDisposable> held = [];

    public async Task<Func<CancellationToken, ValueTask>> ConnectAsync(int number)
    {
        var client = new CoordClient(options.Hosts);
        held.Add(client);
        await client.ConnectAsync();
        if (options.Store == "coord" && !client.Features.Has("counter-add"))
            throw new InvalidOperationException($"{options.Hosts} is no Coord that adds by itself.");
        return await CallAsync(options.Store == "plain" ? FeaturelessClient.Over(client) : client, number);
    }

    public async ValueTask DisposeAsync()
    {
        // What stands on a client goes before it.
        foreach (var one in Enumerable.Reverse(held))
            await one.DisposeAsync();
    }

    private async ValueTask<Func<CancellationToken, ValueTask>> CallAsync(ICoordClient client, int number)
    {
        switch (options.Operation)
        {
            case "lock":
                var process = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
                return Locking(new DistributedMutex(client, $"{options.Path}-{process}-{number}"));
            case "handoff":
                return Locking(new DistributedMutex(client, options.Path));
            case "counter":
                var counter = new DistributedCounter(client, options.Path);
                if (number == 0)
                    await counter.IncrementAsync();   // It is there before anybody is measured, as Curator's is.
                return async ct => await counter.IncrementAsync(ct);
            case "version":
                var versions = new VersionCounter(client, options.Path);
                return async ct => await versions.NextAsync(ct);
            case "zxid":
                var zxids = new ZxidSequence(client, options.Path);
                return async ct => await zxids.NextAsync(ct);
            case "block":
                var blocks = new BlockIdGenerator(client, options.Path, BlockSize);
                return async ct => await blocks.NextAsync(ct);
            case "snowflake":
                var worker = await WorkerId.AcquireAsync(client, options.Path, WorkerRange);
                held.Add(worker);
                var snowflakes = new SnowflakeIds(worker);
                return async ct => await snowflakes.NextAsync(ct);
            default:
                throw new ArgumentException($"{options.Operation}: no operation of {options.Store}.");
        }
    }

    private static Func<CancellationToken, ValueTask> Locking(DistributedMutex mutex) => async ct =>
    {
        var handle = await mutex.AcquireAsync(ct: ct);
        await handle.DisposeAsync();
    };
}
