using System.Text;
using Coord.Client;
using Coord.Client.Recipes;

await using var coord = new CoordClient(args is [var cluster] ? cluster : "127.0.0.1:2181");
await coord.DeleteTreeAsync("/native");

var options = new CreateOptions { Parents = CreateParents.Persistent };
await coord.CreateAsync("/native/greeting", "hello"u8.ToArray(), options);
var znode = await coord.GetAsync("/native/greeting", ReadOptions.Linearizable);
Console.WriteLine($"{znode.Path} says {Encoding.UTF8.GetString(znode.Bytes.Span)}");

await coord.CreateMulti()
    .Check("/native/greeting", znode.Stat.Version)
    .Create("/native/reply", "hello too"u8.ToArray())
    .ExactlyOnce()
    .CommitAsync();
await using var tree = new TreeCache(coord, "/native");
await tree.LoadedAsync();
Console.WriteLine($"the cache says {Encoding.UTF8.GetString(tree["/native/reply"]!.Bytes.Span)}");

var counter = new DistributedCounter(coord, "/native/visits");
Console.WriteLine($"visit {await counter.AddAsync(1)}");

var mutex = new DistributedMutex(coord, "/native/lock", new MutexOptions { Note = "the sample" });
await using (var held = await mutex.AcquireAsync(timeout: TimeSpan.FromSeconds(10)))
{
    var state = await mutex.GetStateAsync();
    Console.WriteLine($"the lock is held for {state.Holders[0].Record!.Note}: {held.State}");
}

await using var permit = await new DistributedSemaphore(coord, "/native/permits", limit: 2).AcquireAsync();
Console.WriteLine($"a permit: {permit.State}");
