using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Runs;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// One client: draws operations from its seed, runs them one at a time on its session, and records each with its
/// invocation and completion. Now and then it moves to another node without need.
/// </summary>
internal sealed class RegisterClient(
    WorkloadContext context, ZnodeClients kinds, IRegisterStore store, int seed)
{
    private const int MovesPerThousand = 3;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(20);

    private readonly Random random = new(seed);
    private readonly Dictionary<string, int> lastVersions = [];
    private readonly Recorder recorder = context.Recorder;
    private int process = context.Recorder.NewProcess();

    /// <summary>Runs until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var pace = new Pace(context.Interval);
        while (!stop.IsCancellationRequested)
        {
            store.Follow(random);
            try
            {
                if (!store.IsConnected)
                    await ConnectAsync(stop);
                await StepAsync();
            }
            catch (ConnectionLostException)
            {
                // The operation under way is recorded as unknown; its process number is never used again (T23).
                process = recorder.NewProcess();
                store.MoveOn();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            await pace.WaitAsync(stop);
        }
    }

    /// <summary>A linearizable read of any key, recorded like any other.</summary>
    public Task<Operation> ReadAsync(string key) => ReadAsync(key, OperationKind.Read);

    private async Task ConnectAsync(CancellationToken stop)
    {
        while (!await store.TryConnectAsync())
            await Task.Delay(BetweenAttempts, stop);
    }

    private Task StepAsync()
    {
        if (random.Next(1000) < MovesPerThousand)
        {
            store.MoveOn();
            return store.TryConnectAsync();
        }

        var counts = kinds.HasFlag(ZnodeClients.Counters) &&
            (!kinds.HasFlag(ZnodeClients.Registers) || random.Next(4) == 0);
        return counts
            ? IncrementAsync(ZnodeKeys.Counter(context.Root, random.Next(ZnodeKeys.Counters)))
            : RegisterStepAsync();
    }

    private Task<Operation> RegisterStepAsync()
    {
        var key = ZnodeKeys.Register(context.Root, random.Next(ZnodeKeys.Registers));
        return random.Next(100) switch
        {
            < 30 => ReadAsync(key, OperationKind.Read),
            < 45 => ReadAsync(key, OperationKind.LocalRead),
            < 75 => WriteAsync(key, OperationKind.Set, amount: 0, expected: -1),
            _ => WriteAsync(key, OperationKind.CompareAndSet, amount: 0, lastVersions.GetValueOrDefault(key)),
        };
    }

    /// <summary>Reads, then writes one more on the condition that nobody came between.</summary>
    private async Task IncrementAsync(string key)
    {
        var kind = random.Next(2) == 0 ? OperationKind.Read : OperationKind.LocalRead;
        var read = await ReadAsync(key, kind);
        if (read.Error == 0)
            await WriteAsync(key, OperationKind.CompareAndSet, read.Amount + 1, read.Version);
    }

    private async Task<Operation> ReadAsync(string key, OperationKind kind)
    {
        var call = Begin(key, kind);
        var isLocal = kind == OperationKind.LocalRead || context.Plants(PlantedFaults.ReadsWithoutBarrier);
        return await RecordAsync(call, store.ReadAsync(call, isLocal));
    }

    private async Task<Operation> WriteAsync(string key, OperationKind kind, long amount, int expected)
    {
        var call = Begin(key, kind) with { Tag = recorder.NewTag(), Amount = amount, Expected = expected };
        return await RecordAsync(call, store.WriteAsync(call));
    }

    /// <summary>Records what came back, or that nothing did.</summary>
    private async Task<Operation> RecordAsync(Operation call, Task<Operation> answer)
    {
        try
        {
            return Finish(await answer);
        }
        catch (ConnectionLostException)
        {
            recorder.Add(call);
            throw;
        }
    }

    private Operation Begin(string key, OperationKind kind) => new()
    {
        Process = process, Session = store.Session, Node = store.Node, Kind = kind, Key = key,
        Invoked = recorder.Now,
    };

    private Operation Finish(Operation operation)
    {
        if (operation.Error == 0)
            lastVersions[operation.Key] = operation.Version;
        recorder.Add(operation);
        return operation;
    }
}
