using Coord.Client;
using Coord.Client.Recipes;

await using var coord = new CoordClient("127.0.0.1:2181,127.0.0.1:2182,127.0.0.1:2183");

await coord.TryCreateAsync("/quickstart", "hello"u8.ToArray());
var znode = await coord.GetAsync("/quickstart");
Console.WriteLine($"{znode.Path} was written at zxid {znode.Stat.Mzxid}");

var visits = new DistributedCounter(coord, "/quickstart/visits");
Console.WriteLine($"visit {await visits.AddAsync(1)}");

var mutex = new DistributedMutex(coord, "/quickstart/lock");
await using var held = await mutex.AcquireAsync(timeout: TimeSpan.FromSeconds(5));
Console.WriteLine($"the lock is ours, fencing token {held.Token.Value}");
