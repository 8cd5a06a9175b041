using Coord.Client.Recipes;

namespace Coord.Client.Tests;

/// <summary>Clients want three of four mutexes at a time, named in any order; each of them has one holder.</summary>
internal sealed class ShuffledLocks(string[] paths)
{
    private readonly Random random = new(12);
    private readonly Dictionary<string, int> inside = paths.ToDictionary(path => path, _ => 0);

    public async Task ContendAsync(CoordClient client, int sections)
    {
        for (var i = 0; i < sections; i++)
        {
            string[] wanted;
            lock (random)
                wanted = [.. paths.OrderBy(_ => random.Next()).Take(3)];
            var all = new DistributedMultiLock(wanted.Select(path => new DistributedMutex(client, path)));
            await using var held = await all.AcquireAsync();
            lock (inside)
                Assert.All(wanted, path => Assert.Equal(1, ++inside[path]));
            await Task.Yield();
            lock (inside)
                Assert.All(wanted, path => Assert.Equal(0, --inside[path]));
        }
    }
}
