using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// A client that keeps watches on some registers, and reads any meanwhile so that the replies show how far its node has
/// got. After a new connection it asks for its watches again, as ZooKeeper's clients do.
/// </summary>
internal sealed class WatchClient(WorkloadContext context, SessionClient session, int seed)
{
    // Fewer than there are registers, so that some change unwatched.
    private const int WatchesMost = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly Random random = new(seed);
    private readonly Recorder recorder = context.Recorder;
    private int process = context.Recorder.NewProcess();
    private int attached;
    private int connection;
    private readonly Dictionary<string, WatchList> watched = [];

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
            watched.Clear(); // A session's watches go with it.
        else if (session.Connections != connection && watched.Count > 0)
            await RestoreAsync();

        (attached, connection) = (session.Session, session.Connections);
        var key = ZnodeKeys.Register(context.Root, random.Next(ZnodeKeys.Registers));
        var mayWatch = watched.Count < WatchesMost && !watched.ContainsKey(key);
        await ReadAsync(mayWatch ? OperationKind.WatchedRead : OperationKind.LocalRead, key);
    }

    private async Task RestoreAsync()
    {
        var calls = watched.Keys.Select(path => Begin(OperationKind.RestoreWatch, path)).ToList();
        var reply = await session.SetWatchesAsync(watched);
        var now = recorder.Now;
        foreach (var call in calls)
            recorder.Add(call with { Completed = now, Error = reply.Error, Zxid = reply.Zxid });
    }

    private async Task ReadAsync(OperationKind kind, string key)
    {
        var call = Begin(kind, key);
        var reply = await session.GetDataAsync(call.Key, watch: kind == OperationKind.WatchedRead);
        var done = call with { Completed = recorder.Now, Error = reply.Error, Zxid = reply.Zxid };
        if (reply.Error == 0)
        {
            var (amount, tag, modified, version) = reply.DatumAndStat();
            done = done with { Amount = amount, Tag = tag, ModifiedZxid = modified, Version = version };
            if (kind == OperationKind.WatchedRead)
                watched.Add(key, WatchList.Data);
        }

        recorder.Add(done);
    }

    private void Fired(WatchEvent fired)
    {
        watched.Remove(fired.Path);
        var now = recorder.Now;
        recorder.Add(Begin(OperationKind.Event, fired.Path) with
        {
            Invoked = now, Completed = now, Zxid = fired.Zxid, Amount = (int)fired.Type,
        });
    }

    private Operation Begin(OperationKind kind, string key) => new()
    {
        Process = process, Session = session.Session, Connection = session.Connections, Node = session.Node,
        Kind = kind, Key = key, Invoked = recorder.Now,
    };
}
