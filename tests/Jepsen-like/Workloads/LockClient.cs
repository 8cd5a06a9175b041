using System.Diagnostics;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// A client that takes and releases locks (ephemeral znodes), and ends its sessions in all ways there are: by closing
/// them, by going away without a word, and by losing them.
/// </summary>
internal sealed class LockClient(WorkloadContext context, int seed)
{
    public const int SessionTimeoutMs = 4_000;

    /// <summary>A cluster that does not heal must not keep the run from its end.</summary>
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    private readonly Random random = new(seed);
    private SessionClient session = context.NewPassingSession(SessionTimeoutMs);
    private readonly Recorder recorder = context.Recorder;
    private int process = context.Recorder.NewProcess();
    private int attached;
    private long lastContact;

    /// <summary>Runs until told to stop, then closes its session.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await TryAsync(() => StepAsync());
            await Task.Delay(Pause, CancellationToken.None);
        }

        var clock = Stopwatch.StartNew();
        while (attached != 0 && clock.Elapsed < ClosingPatience)
        {
            await TryAsync(CloseAsync);
            await Task.Delay(Pause, CancellationToken.None);
        }

        if (attached != 0)
            await GoAwayAsync();
    }

    private async Task TryAsync(Func<Task> step)
    {
        session.Follow(random);
        try
        {
            if (session.IsConnected || await ConnectAsync())
                await step();
        }
        catch (ConnectionLostException)
        {
            process = recorder.NewProcess();
            session.MoveOn();
        }
    }

    /// <summary>Attaches the session, or finds that it has expired; a new one begins with the next attempt.</summary>
    private async Task<bool> ConnectAsync()
    {
        var asked = recorder.Now;
        var connected = await session.TryConnectAsync();
        if (attached != 0 && session.Session != attached)
        {
            recorder.Add(Lose() with { Completed = recorder.Now, Error = Operation.SessionExpired });
            attached = 0;
        }

        if (connected)
            (attached, lastContact) = (session.Session, asked);
        return connected;
    }

    private async Task StepAsync()
    {
        var key = ZnodeKeys.Lock(context.Root, random.Next(ZnodeKeys.Locks));
        var taken = await AskAsync(Begin(OperationKind.CreateEphemeral, key) with { Tag = recorder.NewTag() });
        if (taken.Error != 0)
        {
            await AskAsync(Begin(OperationKind.Read, key));
            return;
        }

        for (var i = random.Next(4); i > 0; i--)
            await AskAsync(Begin(OperationKind.Read, key));
        await (random.Next(20) switch
        {
            0 => GoAwayAsync(),
            < 5 => CloseAsync(),
            _ => AskAsync(Begin(OperationKind.Delete, key)),
        });
    }

    private async Task CloseAsync()
    {
        await AskAsync(Begin(OperationKind.CloseSession, key: ""));
        StartOver();
    }

    private Task GoAwayAsync()
    {
        recorder.Add(Lose());
        StartOver();
        return Task.CompletedTask;
    }

    private void StartOver()
    {
        session.Dispose();
        session = context.NewPassingSession(SessionTimeoutMs);
        attached = 0;
    }

    private Operation Lose() => Begin(OperationKind.LoseSession, key: "") with
    {
        Invoked = lastContact, Session = attached, Amount = context.Options.LeastTimeoutMs(session.GrantedTimeoutMs),
    };

    private Operation Begin(OperationKind kind, string key) => new()
    {
        Process = process, Session = session.Session, Node = session.Node, Kind = kind, Key = key,
        Invoked = recorder.Now,
    };

    private async Task<Operation> AskAsync(Operation call)
    {
        Reply reply;
        try
        {
            reply = await (call.Kind switch
            {
                OperationKind.CreateEphemeral =>
                    session.CreateAsync(call.Key, Wire.Datum(amount: 0, call.Tag), CreateMode.Ephemeral),
                OperationKind.Delete => session.DeleteAsync(call.Key),
                OperationKind.CloseSession => session.CloseAsync(),
                _ => session.SyncAndGetDataAsync(call.Key),
            });
        }
        catch (ConnectionLostException)
        {
            recorder.Add(call);
            throw;
        }

        lastContact = call.Invoked;
        var done = call with { Completed = recorder.Now, Error = reply.Error, Zxid = reply.Zxid };
        if (call.Kind == OperationKind.Read && reply.Error == 0)
        {
            var (_, tag, modified, _) = reply.DatumAndStat();
            done = done with { Tag = tag, ModifiedZxid = modified };
        }

        recorder.Add(done);
        return done;
    }
}
