using Coord.RecipeLoad;
using Coord.RecipeLoad.Redis;

// Says "ready" when all clients are connected, begins when it is told "go", and ends with one line of figures.
var options = LoadOptions.Parse(args);
await using IStore store = options.Store == "redis" ? new RedisStore(options) : new CoordStore(options);
var calls = await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(store.ConnectAsync));
Console.WriteLine("ready");
if (Console.ReadLine() != "go")
    return 1;

var window = new Window(options.Warm, options.Measured);
// Later than the measured time by as much as a timer may be early: what it ends is not counted.
using var over = new CancellationTokenSource(options.Warm + options.Measured + TimeSpan.FromMilliseconds(50));
using var wakeUps = options.Operation == "handoff" ? new WakeUps(window) : null;
var callers = calls.SelectMany(call => Enumerable.Range(0, options.Callers).Select(_ => new Caller(call, window)))
    .ToArray();
await Task.WhenAll(callers.Select(caller => Task.Run(() => caller.RepeatAsync(over.Token))));

var all = new Latencies();
foreach (var caller in callers)
    all.Add(caller.Latencies);
Console.WriteLine(
    $"done={all.Count} secs={options.Measured.TotalSeconds} failed={callers.Sum(caller => caller.Failed)} "
    + $"p50_ms={all.Percentile(0.5).TotalMilliseconds:0.####} p99_ms={all.Percentile(0.99).TotalMilliseconds:0.####} "
    + $"events={wakeUps?.Events ?? 0} "
    + $"failure={callers.Select(caller => caller.Failure).FirstOrDefault(failure => failure is not null) ?? "none"}");
return 0;
