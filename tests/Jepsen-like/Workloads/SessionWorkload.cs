using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// Clients that write a register of their own and some that all share, read both at whichever node they are attached
/// to, without sync, and move on often: what a session may rely on is tested where nodes differ.
/// </summary>
internal sealed class SessionWorkload(WorkloadContext context) : IWorkload
{
    /// <summary>In the path of a register that one client alone writes.</summary>
    public const string OwnMark = "/own-";

    private const int Shared = 4;
    private const int MovesPerThousand = 60;

    public Task PrepareAsync(SessionClient session) => ClientWorkload.CreateAsync(session, Paths());

    public IEnumerable<Func<CancellationToken, Task>> Clients() => Enumerable.Range(0, context.Clients)
        .Select<int, Func<CancellationToken, Task>>(number =>
        {
            var client = WorkloadClient.Lasting(
                context, number, seed: unchecked((context.Seed * 1033) + number), MovesPerThousand);
            return stop => client.RunAsync(() => StepAsync(client, Own(number)), stop);
        });

    public async Task FinishAsync(SessionClient session, CancellationToken cancel)
    {
        var client = WorkloadClient.Of(context, session);
        foreach (var path in Paths())
            await ReadAsync(client, path);
    }

    private string Own(int number) => $"{context.Root}{OwnMark}{number}";

    private IEnumerable<string> Paths() => Enumerable.Range(0, context.Clients).Select(Own)
        .Concat(Enumerable.Range(0, Shared).Select(number => $"{context.Root}/shared-{number}"));

    private Task StepAsync(WorkloadClient client, string own)
    {
        var path = client.Random.Next(2) == 0 ? own : $"{context.Root}/shared-{client.Random.Next(Shared)}";
        return client.Random.Next(100) < 40 ? SetAsync(client, path) : ReadAsync(client, path);
    }

    private static async Task SetAsync(WorkloadClient client, string path)
    {
        var call = client.Begin(OperationKind.Set, path) with { Tag = client.Recorder.NewTag() };
        var reply = (await client.AskAsync(call,
            xid => Wire.SetDataRequest(xid, path, Wire.Datum(amount: 0, call.Tag), version: -1)))[0];
        var (modified, version) = reply.Stat();
        client.Record(client.Done(call, reply) with { ModifiedZxid = modified, Version = version });
    }

    private static async Task ReadAsync(WorkloadClient client, string path)
    {
        var call = client.Begin(OperationKind.LocalRead, path);
        var reply = (await client.AskAsync(call, xid => Wire.ReadRequest(xid, Wire.GetData, path)))[0];
        var (amount, tag, stat) = ReplyReader.Datum(reply);
        client.Record(client.Done(call, reply) with
        {
            Amount = amount, Tag = tag, Version = stat.Version, ModifiedZxid = stat.ModifiedZxid,
        });
    }
}
