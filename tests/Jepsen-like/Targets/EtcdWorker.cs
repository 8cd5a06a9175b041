using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Targets;

/// <summary>
/// One client of a workload on etcd: its connection, its pace, and the record of what it asked. Whatever is under way
/// when a connection is lost is recorded as unknown, and its process number is never used again (raft-design T23).
/// </summary>
internal sealed class EtcdWorker(WorkloadContext context, EtcdClient client, int seed)
{
    private const int MovesPerThousand = 3;

    // A node that is down refuses at once.
    private static readonly TimeSpan AttemptInterval = TimeSpan.FromMilliseconds(10);

    private int process = context.Recorder.NewProcess();

    public EtcdClient Client => client;

    /// <summary>The same client's way to single keys.</summary>
    public EtcdStore Store { get; } = new(client, () => context.Recorder.Now);

    public Random Random { get; } = new(seed);

    public Recorder Recorder => context.Recorder;

    /// <summary>What etcd knows of its clients; a workload that has leases counts these as sessions.</summary>
    public int Session { get; set; } = EtcdStore.NewSession();

    /// <summary>Called when the outcome of something is unknown.</summary>
    public Action? OnLost { get; set; }

    /// <summary>Takes one step after the other, at the pace of the run, until told to stop.</summary>
    public async Task RunAsync(Func<Task> step, CancellationToken stop)
    {
        var pace = new Pace(context.Interval);
        while (!stop.IsCancellationRequested)
        {
            if (!await TryAsync(step))
                await Task.Delay(AttemptInterval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (Random.Next(1000) < MovesPerThousand)
                client.MoveOn();
            await pace.WaitAsync(stop);
        }
    }

    public Operation Begin(OperationKind kind, string key) => new()
    {
        Process = process, Session = Session, Node = client.Node, Kind = kind, Key = key, Invoked = Recorder.Now,
    };

    /// <summary>Waits for an answer; a call of which there is none is recorded as unknown.</summary>
    public async Task<T> AskAsync<T>(Operation call, Task<T> answer)
    {
        try
        {
            return await answer;
        }
        catch (ConnectionLostException)
        {
            Recorder.Add(call);
            throw;
        }
    }

    public void Record(Operation call, long revision, int error = 0) =>
        Recorder.Add(call with { Completed = Recorder.Now, Zxid = revision, Error = error });

    /// <summary>A linearizable read of one key of ours, recorded.</summary>
    public async Task<Operation> ReadAsync(string key)
    {
        var call = Begin(OperationKind.Read, key);
        var read = await AskAsync(call, Store.ReadAsync(call, isLocal: false));
        Recorder.Add(read);
        return read;
    }

    private async Task<bool> TryAsync(Func<Task> step)
    {
        try
        {
            if (!client.IsConnected && !await client.TryConnectAsync())
                return false;
            await step();
            return true;
        }
        catch (ConnectionLostException)
        {
            process = Recorder.NewProcess();
            client.MoveOn();
            OnLost?.Invoke();
            return false;
        }
    }
}
