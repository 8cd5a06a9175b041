namespace Coord.RecipeLoad.Redis;

/// <summary>
/// The same with Redis, as its documentation has it: a lock is a key that exists, with a token and an expiry, deleted
/// by who has the token; who does not get it asks again. A counter is a key.
/// </summary>
internal sealed class RedisStore(LoadOptions options) : IStore
{
    private const string LockMilliseconds = "30000";

    // Redis tells nobody of a release: each of many contenders asks again after 25 ms on average.
    private const int LongestPauseMs = 50;

    private const string CompareAndDelete =
        "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

    private readonly List<RespConnection> connections = [];

    public async Task<Func<CancellationToken, ValueTask>> ConnectAsync(int number)
    {
        var connection = new RespConnection();
        connections.Add(connection);
        await connection.ConnectAsync(options.Hosts);
        switch (options.Operation)
        {
            case "lock":
                return await LockingAsync(connection, $"{options.Path}-{Guid.NewGuid():N}");
            case "handoff":
                return await LockingAsync(connection, options.Path);
            case "counter" or "version":
                var add = RespConnection.Command("INCR", options.Path);
                return async _ => await connection.AskAsync(add);
            default:
                throw new ArgumentException($"{options.Operation}: no operation of {options.Store}.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    private static async ValueTask<Func<CancellationToken, ValueTask>> LockingAsync(
        RespConnection connection, string key)
    {
        var token = $"{Guid.NewGuid():N}";
        var script = await connection.AskAsync(RespConnection.Command("SCRIPT", "LOAD", CompareAndDelete));
        var acquire = RespConnection.Command("SET", key, token, "NX", "PX", LockMilliseconds);
        var release = RespConnection.Command("EVALSHA", script.Text!, "1", key, token);
        return async ct =>
        {
            while ((await connection.AskAsync(acquire)).Text is null)
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.NextDouble() * LongestPauseMs), ct);
            if ((await connection.AskAsync(release)).Number != 1)
                throw new InvalidOperationException("A lock was lost.");
        };
    }
}
