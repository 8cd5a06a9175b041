using System.Text;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// Lists of numbers, a znode each. A transaction reads some and appends to some of these, in one multi that succeeds
/// only if all are as they were read. Lists that are long enough are left alone, and new ones begun.
/// </summary>
internal sealed class AppendWorkload(WorkloadContext context) : IWorkload
{
    private const int ActiveLists = 4;

    // Every transaction carries what it read: longer lists would cost more than they tell.
    private const int ElementsMax = 50;

    // Reads in one flight at the end.
    private const int FlightMax = 64;

    // Number of the first list in use; those of the window follow it.
    private int firstActive;

    public Task PrepareAsync(SessionClient session) => Task.CompletedTask;

    public IEnumerable<Func<CancellationToken, Task>> Clients() => Enumerable.Range(0, context.Clients)
        .Select<int, Func<CancellationToken, Task>>(number =>
        {
            var client = WorkloadClient.Lasting(context, number, seed: unchecked((context.Seed * 1013) + number));
            return stop => client.RunAsync(() => StepAsync(client), stop);
        });

    public async Task FinishAsync(SessionClient session, CancellationToken cancel)
    {
        var client = WorkloadClient.Of(context, session);
        foreach (var some in Enumerable.Range(0, firstActive + ActiveLists).Chunk(FlightMax))
            await ReadAsync(client, [.. some.Select(Path)]);
    }

    private string Path(int list) => $"{context.Root}/list-{list}";

    private Task StepAsync(WorkloadClient client)
    {
        var random = client.Random;
        var first = Volatile.Read(ref firstActive);
        int[] window = [.. Enumerable.Range(first, ActiveLists)];
        random.Shuffle(window);
        return random.Next(100) < 20
            ? ReadAsync(client, Path(window[0]))
            : TransactAsync(client, [.. window.Take(random.Next(1, ActiveLists))], first);
    }

    private static async Task ReadAsync(WorkloadClient client, params string[] paths)
    {
        var calls = paths.Select(path => client.Begin(OperationKind.Read, path)).ToArray();
        var replies = await client.AskLatestAsync(calls[0], [.. paths.Select<string, Func<int, byte[]>>(path =>
            xid => Wire.ReadRequest(xid, Wire.GetData, path))]);
        foreach (var (call, reply) in calls.Zip(replies))
            client.Record(client.Done(call, reply) with { Error = 0, Text = ListPart.Write([Part(call.Key, reply)]) });
    }

    private async Task TransactAsync(WorkloadClient client, int[] lists, int first)
    {
        var replies = await client.Session.FlightAsync([.. lists.Select<int, Func<int, byte[]>>(list =>
            xid => Wire.ReadRequest(xid, Wire.GetData, Path(list)))]);
        if (Array.FindIndex(replies, reply => reply.Error == Operation.NoNode) is >= 0 and var missing)
        {
            await client.Session.CreateAsync(Path(lists[missing]), []);
            return;
        }

        var parts = lists.Select((list, i) => Part(Path(list), replies[i]))
            .Select(part => part with { Appended = Draw(client) }).ToArray();
        if (parts.Any(part => part.Read.Length >= ElementsMax))
        {
            Interlocked.CompareExchange(ref firstActive, first + 1, first);
            return;
        }

        await AskAsync(client, parts);
    }

    /// <summary>Nothing, one element, or two of which nobody may ever see the first alone.</summary>
    private static long[] Draw(WorkloadClient client) =>
        [.. Enumerable.Range(0, client.Random.Next(3)).Select(_ => client.Recorder.NewTag())];

    private async Task AskAsync(WorkloadClient client, ListPart[] parts)
    {
        var call = client.Begin(OperationKind.Transaction, context.Root) with
        {
            Tag = client.Recorder.NewTag(), Text = ListPart.Write(parts),
        };
        var operations = parts.SelectMany(Operations).ToArray();
        var reply = (await client.AskAsync(call, xid => Wire.MultiRequest(xid, operations)))[0];
        client.Record(client.Done(call, reply) with { Error = ReplyReader.Multi(reply).Error });
    }

    /// <summary>A check, or a setData for each element, so that the state between them exists in the multi.</summary>
    private static IEnumerable<MultiOperation> Operations(ListPart part) => part.Appended.Length == 0
        ? [MultiOperation.Check(part.Key, part.Version)]
        : part.Appended.Select((_, i) => MultiOperation.Set(part.Key,
            Encoding.ASCII.GetBytes(string.Join(',', part.Read.Concat(part.Appended.Take(i + 1)))),
            part.Version + i));

    private static ListPart Part(string path, Reply reply)
    {
        if (reply.Error == Operation.NoNode)
            return new ListPart(path, Version: 0, [], []); // Nobody has begun it, which is as good as empty.

        var (data, stat) = ReplyReader.Data(reply);
        return new ListPart(path, stat.Version, ListPart.Elements(Encoding.ASCII.GetString(data)), []);
    }
}
