using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// A client that keeps one watch on some register, and reads others meanwhile so that their replies show how far its
/// node has got. After a new connection it asks for its watch again, as ZooKeeper's clients do.
/// </summary>
internal sealed class WatchClient(WorkloadContext context, SessionClient session, int seed)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly Random random = new(seed);
    private readonly Recorder recorder = context.Recorder;
    private int process = context.Recorder.NewProcess();
    private int attached;
    private int connection;
    private string? watched;

    public async Task RunAsync(CancellationToken stop)
    {
        session.OnEvent = Fired;
        while (!stop.IsCancellationRequested)
        {
            session.Follow(random);
            try
            {
                if (session.IsConnected || await session.TryConnectAsync())
                    await StepAsync();
            }
            catch (ConnectionLostException)
            {
                process = recorder.NewProcess();
                session.MoveOn();
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private async Task StepAsync()
    {
        if (session.Session != attached)
            watched = null; // A session's watches go with it.
        else if (session.Connections != connection && watched is { } path)
            await RestoreAsync(path);

        (attached, connection) = (session.Session, session.Connections);
        if (watched is null)
            await ReadAsync(OperationKind.WatchedRead);
        else
            await ReadAsync(OperationKind.LocalRead);
    }

    private async Task RestoreAsync(string path)
    {
        var call = Begin(OperationKind.RestoreWatch, path);
        var reply = await session.SetWatchesAsync(path);
        recorder.Add(call with { Completed = recorder.Now, Error = reply.Error, Zxid = reply.Zxid });
    }

    private async Task ReadAsync(OperationKind kind)
    {
        var call = Begin(kind, ZnodeKeys.Register(context.Root, random.Next(ZnodeKeys.Registers)));
        var reply = await session.GetDataAsync(call.Key, watch: kind == OperationKind.WatchedRead);
        var done = call with { Completed = recorder.Now, Error = reply.Error, Zxid = reply.Zxid };
        if (reply.Error == 0)
        {
            var (amount, tag, modified, version) = reply.DatumAndStat();
            done = done with { Amount = amount, Tag = tag, ModifiedZxid = modified, Version = version };
            if (kind == OperationKind.WatchedRead)
                watched = call.Key;
        }

        recorder.Add(done);
    }

    private void Fired(long zxid, string path)
    {
        if (path == watched)
            watched = null;
        var now = recorder.Now;
        recorder.Add(Begin(OperationKind.Event, path) with { Invoked = now, Completed = now, Zxid = zxid });
    }

    private Operation Begin(OperationKind kind, string key) => new()
    {
        Process = process, Session = session.Session, Connection = session.Connections, Node = session.Node,
        Kind = kind, Key = key, Invoked = recorder.Now,
    };
}
