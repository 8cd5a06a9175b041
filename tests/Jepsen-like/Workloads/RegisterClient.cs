using System.Diagnostics;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// One client: draws operations from its seed, runs them one at a time on its session, and records each with its
/// invocation and completion. Now and then it moves to another node without need.
/// </summary>
internal sealed class RegisterClient(
    WorkloadContext context, ZnodeClients kinds, SessionClient session, int seed)
{
    private const int MovesPerThousand = 3;

    private readonly Random random = new(seed);
    private readonly Dictionary<string, int> lastVersions = [];
    private readonly Recorder recorder = context.Recorder;
    private int process = context.Recorder.NewProcess();

    /// <summary>Runs until told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var interval = TimeSpan.FromSeconds((double)context.Options.Clients / context.Options.Rate);
        var due = Stopwatch.StartNew();
        for (var next = TimeSpan.Zero; !stop.IsCancellationRequested;)
        {
            try
            {
                if (!session.IsConnected)
                    await session.ConnectAsync(stop);
                await StepAsync();
            }
            catch (ConnectionLostException)
            {
                // The operation under way is recorded as unknown; its process number is never used again (T23).
                process = recorder.NewProcess();
                session.MoveOn();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }

            next = due.Elapsed > next + TimeSpan.FromSeconds(1) ? due.Elapsed : next + interval;
            if (next - due.Elapsed > TimeSpan.FromMilliseconds(1))
                await Task.Delay(next - due.Elapsed, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A linearizable read of any key, recorded like any other.</summary>
    public Task<Operation> ReadAsync(string key) => ReadAsync(key, OperationKind.Read);

    private Task StepAsync()
    {
        if (random.Next(1000) < MovesPerThousand)
        {
            session.MoveOn();
            return session.TryConnectAsync();
        }

        var counts = kinds.HasFlag(ZnodeClients.Counters) &&
            (!kinds.HasFlag(ZnodeClients.Registers) || random.Next(4) == 0);
        return counts
            ? IncrementAsync(ZnodeKeys.Counter(context.Root, random.Next(ZnodeKeys.Counters)))
            : RegisterStepAsync();
    }

    private Task RegisterStepAsync()
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
        Reply reply;
        try
        {
            reply = kind == OperationKind.Read
                ? await session.SyncAndGetDataAsync(key)
                : await session.GetDataAsync(key);
        }
        catch (ConnectionLostException)
        {
            recorder.Add(call);
            throw;
        }

        var done = call with { Completed = recorder.Now, Error = reply.Error, Zxid = reply.Zxid };
        if (reply.Error == 0)
        {
            var (amount, tag, modified, version) = reply.DatumAndStat();
            done = done with { Amount = amount, Tag = tag, ModifiedZxid = modified, Version = version };
        }

        return Finish(done);
    }

    private async Task WriteAsync(string key, OperationKind kind, long amount, int expected)
    {
        var call = Begin(key, kind) with { Tag = recorder.NewTag(), Amount = amount, Expected = expected };
        Reply reply;
        try
        {
            reply = await session.SetDataAsync(key, Wire.Datum(call.Amount, call.Tag), expected);
        }
        catch (ConnectionLostException)
        {
            recorder.Add(call);
            throw;
        }

        var done = call with { Completed = recorder.Now, Error = reply.Error, Zxid = reply.Zxid };
        if (reply.Error == 0)
        {
            var (modified, version) = reply.Stat();
            done = done with { ModifiedZxid = modified, Version = version };
        }

        Finish(done);
    }

    private Operation Begin(string key, OperationKind kind) => new()
    {
        Process = process, Session = session.Session, Node = session.Node, Kind = kind, Key = key,
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
