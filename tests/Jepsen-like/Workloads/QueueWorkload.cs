using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// A queue as clients of ZooKeeper make it by hand: an item is a sequential child, and is taken by whoever succeeds in
/// deleting it. Consumers go for the first item that their node shows.
/// </summary>
internal sealed class QueueWorkload(WorkloadContext context) : IWorkload
{
    // Nobody adds to a longer one: consumers list all of it each time.
    private const int ItemsMax = 40;

    private string Queue => $"{context.Root}/queue";

    public Task PrepareAsync(SessionClient session) => ClientWorkload.CreateAsync(session, [Queue]);

    public IEnumerable<Func<CancellationToken, Task>> Clients() => Enumerable.Range(0, context.Clients)
        .Select<int, Func<CancellationToken, Task>>(number =>
        {
            var client = WorkloadClient.Lasting(context, number, seed: unchecked((context.Seed * 1031) + number));
            return stop => client.RunAsync(() => StepAsync(client), stop);
        });

    public Task FinishAsync(SessionClient session, CancellationToken cancel) =>
        Children.ReadNumbersAsync(WorkloadClient.Of(context, session), Queue);

    private async Task StepAsync(WorkloadClient client)
    {
        var items = await Children.NumberedAsync(client, Queue);
        if (items.Length == 0 || (items.Length < ItemsMax && client.Random.Next(2) == 0))
            await AddAsync(client);
        else
            await TakeAsync(client, items[0]);
    }

    private async Task AddAsync(WorkloadClient client)
    {
        var call = client.Begin(OperationKind.CreateSequential, Queue) with { Tag = client.Recorder.NewTag() };
        var path = $"{Queue}/{NumberedChild.Ask("item", call.Tag)}";
        var reply = (await client.AskAsync(call,
            xid => Wire.CreateRequest(xid, path, [], CreateMode.PersistentSequential)))[0];
        var done = client.Done(call, reply);
        client.Record(reply.Error != 0 ? done : done with
        {
            Amount = NumberedChild.Parse(ReplyReader.Path(reply)[(Queue.Length + 1)..]).Number,
        });
    }

    private async Task TakeAsync(WorkloadClient client, NumberedChild item)
    {
        var call = client.Begin(OperationKind.Take, Queue) with { Tag = item.Tag, Amount = item.Number };
        var reply = (await client.AskAsync(call, xid => Wire.DeleteRequest(xid, $"{Queue}/{item.Name}")))[0];
        client.Record(client.Done(call, reply));
    }
}
