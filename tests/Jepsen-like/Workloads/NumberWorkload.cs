using System.Globalization;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// Numbers handed out by the servers: the names of sequential znodes under one parent, lasting and ephemeral ones, and
/// the versions of a znode that everybody sets.
/// </summary>
internal sealed class NumberWorkload(WorkloadContext context, bool withVersions) : IWorkload
{
    /// <summary>In the path of a znode whose versions are the numbers.</summary>
    public const string VersionMark = "/versions";

    private const int ChildrenMax = 400;

    private int creates;

    public Task PrepareAsync(SessionClient session) =>
        ClientWorkload.CreateAsync(session, [context.Root + VersionMark]);

    public IEnumerable<Func<CancellationToken, Task>> Clients() => Enumerable.Range(0, context.Clients)
        .Select<int, Func<CancellationToken, Task>>(number =>
        {
            var client = WorkloadClient.Lasting(context, number, seed: unchecked((context.Seed * 1021) + number));
            return stop => client.RunAsync(() => StepAsync(client), stop);
        });

    public async Task FinishAsync(SessionClient session, CancellationToken cancel)
    {
        var client = WorkloadClient.Of(context, session);
        for (var parent = 0; parent <= creates / ChildrenMax; parent++)
            await ReadAsync(client, Path(parent));
    }

    private string Path(int parent) => $"{context.Root}/parent-{parent}";

    private Task StepAsync(WorkloadClient client)
    {
        var dice = client.Random.Next(100);
        return withVersions && dice < 50 ? SetAsync(client)
            : dice < 53 ? ReadAsync(client, Path(Volatile.Read(ref creates) / ChildrenMax))
            : CreateAsync(client);
    }

    private async Task SetAsync(WorkloadClient client)
    {
        var call = client.Begin(OperationKind.Set, context.Root + VersionMark) with { Tag = client.Recorder.NewTag() };
        var reply = (await client.AskAsync(call,
            xid => Wire.SetDataRequest(xid, call.Key, Wire.Datum(amount: 0, call.Tag), version: -1)))[0];
        var done = client.Done(call, reply);
        client.Record(reply.Error == 0 ? done with { Amount = reply.Stat().Version } : done);
    }

    private async Task CreateAsync(WorkloadClient client)
    {
        var parent = Path(Interlocked.Increment(ref creates) / ChildrenMax);
        var call = client.Begin(OperationKind.CreateSequential, parent) with { Tag = client.Recorder.NewTag() };

        // Prefixes and kinds share the counter of their parent (zookeeper-protocol 4.2).
        var prefix = client.Random.Next(2) == 0 ? "a" : "b";
        var mode = client.Random.Next(4) == 0 ? CreateMode.EphemeralSequential : CreateMode.PersistentSequential;
        var path = $"{parent}/{NumberedChild.Ask(prefix, call.Tag)}";
        var reply = (await client.AskAsync(call, xid => Wire.CreateRequest(xid, path, [], mode)))[0];
        if (reply.Error == Operation.NoNode)
        {
            // Refused without a number; it is the next one's turn.
            await client.Session.CreateAsync(parent, []);
            return;
        }

        var done = client.Done(call, reply);
        client.Record(reply.Error != 0 ? done : done with { Amount = Given(path, ReplyReader.Path(reply)) });
    }

    private static Task ReadAsync(WorkloadClient client, string parent) =>
        Children.ReadNumbersAsync(client, parent);

    /// <summary>The number behind what was asked for.</summary>
    private static long Given(string asked, string path) => path.StartsWith(asked, StringComparison.Ordinal)
        ? long.Parse(path.AsSpan(asked.Length), CultureInfo.InvariantCulture)
        : throw new ProtocolViolationException($"create {asked} gave {path}");
}
