using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>A client that creates, changes and deletes the few children of some parents, for others to watch.</summary>
internal sealed class ChildWriter(WorkloadContext context, WorkloadClient client)
{
    public Task RunAsync(CancellationToken stop) => client.RunAsync(StepAsync, stop);

    private async Task StepAsync()
    {
        var path = ZnodeKeys.AnyChild(context.Root, client.Random);
        var kind = client.Random.Next(100) switch
        {
            < 40 => OperationKind.Create,
            < 75 => OperationKind.Delete,
            _ => OperationKind.Set,
        };
        var call = client.Begin(kind, path) with { Tag = client.Recorder.NewTag(), Expected = -1 };
        var data = Wire.Datum(amount: 0, call.Tag);
        var reply = await client.AskAsync(call, xid => kind switch
        {
            OperationKind.Create => Wire.CreateRequest(xid, path, data, CreateMode.Persistent),
            OperationKind.Delete => Wire.DeleteRequest(xid, path),
            _ => Wire.SetDataRequest(xid, path, data, call.Expected),
        });
        client.Record(client.Done(call, reply[0]));
    }
}
