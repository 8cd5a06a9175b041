using Coord.Client;
using Coord.Client.Recipes;
using Telemetry;

if (args is not [var cluster, var collector])
{
    Console.Error.WriteLine("Telemetry CLUSTER COLLECTOR, for example 127.0.0.1:2181 http://127.0.0.1:4318/");
    return 2;
}

using var metrics = Exporters.ExportMetrics(new Uri(collector));
using var traces = Exporters.ExportTraces(new Uri(collector));
await using var coord = new CoordClient(cluster);

var mutex = new DistributedMutex(coord, "/telemetry/lock", new MutexOptions { Name = "invoices", TraceHold = true });
await using (await mutex.AcquireAsync(timeout: TimeSpan.FromSeconds(5)))
    await coord.CreateAsync("/telemetry/last", default, new CreateOptions { IfExists = CreateIfExists.SetBytes });
return 0;
