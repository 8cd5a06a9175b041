using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// Owns a few ephemeral znodes for a while, then deletes them, closes its session, or goes away without a word.
/// </summary>
internal sealed class EphemeralClient
{
    public const int SessionTimeoutMs = 4_000;

    private readonly WorkloadContext context;
    private readonly WorkloadClient client;
    private readonly List<long> own = [];

    public EphemeralClient(WorkloadContext context, int seed)
    {
        this.context = context;
        client = WorkloadClient.Passing(context, SessionTimeoutMs, seed);
        client.OnExpired = Expired;
    }

    public static string Parent(string root) => $"{root}/live";

    /// <summary>A linearizable read of all there are; gives their number.</summary>
    public static Task<int> ReadAsync(WorkloadClient client, string root) =>
        Children.ReadTagsAsync(client, Parent(root), name => long.Parse(name.AsSpan(name.IndexOf('-') + 1)));

    public async Task RunAsync(CancellationToken stop)
    {
        await client.RunAsync(StepAsync, stop);

        // A session that cannot be closed is left, and recorded so: its znodes may go.
        if (client.Random.Next(2) == 0 || !await client.TryAsync(client.CloseAsync))
            GoAway();
        client.Dispose();
    }

    private Task StepAsync()
    {
        switch (client.Random.Next(100))
        {
            case < 40:
                return own.Count < 3 ? CreateAsync() : DeleteAsync();
            case < 60:
                return own.Count > 0 ? DeleteAsync() : CreateAsync();
            case < 64:
                own.Clear();
                return client.CloseAsync();
            case < 66:
                GoAway();
                return Task.CompletedTask;
            default:
                return ReadAsync(client, context.Root);
        }
    }

    private async Task CreateAsync()
    {
        var call = Begin(OperationKind.CreateEphemeral, client.Recorder.NewTag());
        var reply = (await client.AskAsync(call,
            xid => Wire.CreateRequest(xid, $"{call.Key}/e-{call.Tag}", [], CreateMode.Ephemeral)))[0];
        client.Record(client.Done(call, reply));
        own.Add(call.Tag);
    }

    private async Task DeleteAsync()
    {
        var call = Begin(OperationKind.Delete, own[0]);
        own.RemoveAt(0);
        var reply = (await client.AskAsync(call, xid => Wire.DeleteRequest(xid, $"{call.Key}/e-{call.Tag}")))[0];
        client.Record(client.Done(call, reply));
    }

    private void GoAway()
    {
        client.RecordLoss(client.Session.Session, isTold: false);
        own.Clear();
        client.StartOver();
    }

    private void Expired(int session)
    {
        client.RecordLoss(session, isTold: true);
        own.Clear();
    }

    private Operation Begin(OperationKind kind, long tag) =>
        client.Begin(kind, Parent(context.Root)) with { Tag = tag };
}
