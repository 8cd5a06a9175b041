using System.Globalization;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// Writes, and the digests of its state that every node tells (<c>hash</c>), during the run and at its end: nodes that
/// applied the same transactions have the same state.
/// </summary>
internal sealed class DigestWorkload(WorkloadContext context) : IWorkload
{
    private const int Registers = 8;

    // A node notes a digest every 1,024 transactions, Apache ZooKeeper every 128.
    private const int FinalWrites = 2_200;
    private const int FlightMax = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // Nodes tell the latest ones again each time; what they change their mind about is another one.
    private readonly HashSet<(int Node, string Zxid, string Digest)> told = [];
    private bool isWritten;

    public Task PrepareAsync(SessionClient session) =>
        ClientWorkload.CreateAsync(session, Enumerable.Range(0, Registers).Select(Path));

    public IEnumerable<Func<CancellationToken, Task>> Clients() =>
    [
        .. Enumerable.Range(0, context.Clients).Select<int, Func<CancellationToken, Task>>(number =>
        {
            var client = WorkloadClient.Lasting(context, number, seed: unchecked((context.Seed * 1061) + number));
            return stop => client.RunAsync(() => SetAsync(client), stop);
        }),
        AskAllTheTimeAsync,
    ];

    /// <summary>Brings all nodes past further digests, and asks them; called for each node in turn.</summary>
    public async Task FinishAsync(SessionClient session, CancellationToken cancel)
    {
        for (var written = 0; written < FinalWrites && !isWritten; written += FlightMax)
            await session.FlightAsync([.. Enumerable.Repeat<Func<int, byte[]>>(
                xid => Wire.SetDataRequest(xid, Path(0), Wire.Datum(amount: 0, tag: 0), version: -1), FlightMax)]);
        isWritten = true;

        // This node has what was written when it answers a sync.
        await session.SyncAndGetDataAsync(Path(0));
        await AskAsync();
    }

    private string Path(int register) => $"{context.Root}/register-{register}";

    private async Task SetAsync(WorkloadClient client)
    {
        var call = client.Begin(OperationKind.Set, Path(client.Random.Next(Registers))) with
        {
            Tag = client.Recorder.NewTag(),
        };
        var reply = (await client.AskAsync(call,
            xid => Wire.SetDataRequest(xid, call.Key, Wire.Datum(amount: 0, call.Tag), version: -1)))[0];
        var (modified, version) = reply.Stat();
        client.Record(client.Done(call, reply) with { ModifiedZxid = modified, Version = version });
    }

    private async Task AskAllTheTimeAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await AskAsync();
            await Task.Delay(Interval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task AskAsync()
    {
        for (var node = 1; node <= context.Cluster.Nodes.Count; node++)
        {
            var invoked = context.Recorder.Now;
            var answer = await FourLetterWord.AskAsync(context.Cluster.Nodes[node - 1], "hash") ?? "";

            // A node that does not serve says so in a sentence.
            foreach (var line in answer.Split('\n'))
            {
                if (line.Split(": ") is [var zxid, var digest] && told.Add((node, zxid, digest)))
                    Record(node, invoked, zxid, digest);
            }
        }
    }

    private void Record(int node, long invoked, string zxid, string digest) => context.Recorder.Add(new Operation
    {
        Process = 0, Node = node, Kind = OperationKind.Digest, Key = "", Invoked = invoked,
        Completed = context.Recorder.Now, Text = digest,
        Zxid = long.Parse(zxid.Replace("0x", "", StringComparison.Ordinal), NumberStyles.HexNumber),
    });
}
