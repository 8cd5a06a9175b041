using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// A client that keeps watches of one sort on parents and their children, and reads any meanwhile so that the replies
/// show how far its node has got: one-shot ones by getChildren and by exists, also where there is no znode; or by
/// addWatch, on parents, such as stay. One sort for each client, for ZooKeeper 3.8 keeps only the latest of several on
/// one path (zookeeper-protocol 6.1).
/// </summary>
/// <param name="context">Of the workload.</param>
/// <param name="client">Its session.</param>
/// <param name="added">The sort of watches to add; null: one-shot ones.</param>
internal sealed class ChildWatcher(WorkloadContext context, WorkloadClient client, WatchList? added)
{
    // Fewer than there are znodes, so that some change unwatched.
    private const int WatchesMost = 4;

    private readonly Dictionary<string, WatchList> watched = [];
    private int attached;
    private int connection;

    /// <summary>A watcher on a session of its own, which lasts as long as the run.</summary>
    public static ChildWatcher Make(WorkloadContext context, int number, int seed, WatchList? added) =>
        new(context, WorkloadClient.Lasting(context, number, seed), added);

    public Task RunAsync(CancellationToken stop)
    {
        client.Session.OnEvent = Fired;
        return client.RunAsync(StepAsync, stop);
    }

    private async Task StepAsync()
    {
        var session = client.Session;
        if (session.Session != attached)
            watched.Clear(); // A session's watches go with it.
        else if (session.Connections != connection && watched.Count > 0)
            await RestoreAsync();

        (attached, connection) = (session.Session, session.Connections);
        var key = client.Random.Next(2) == 0
            ? ZnodeKeys.AnyParent(context.Root, client.Random) : ZnodeKeys.AnyChild(context.Root, client.Random);
        var mayWatch = watched.Count < WatchesMost && !watched.ContainsKey(key);
        if (added is null)
            await ReadAsync(mayWatch ? OperationKind.WatchedRead : OperationKind.LocalRead, key);
        else if (mayWatch && Family.IsParent(key))
            await AddAsync(key, added.Value);
        else
            await ReadAsync(OperationKind.LocalRead, key);
    }

    private async Task RestoreAsync()
    {
        var calls = watched.Keys.Select(path => client.Begin(OperationKind.RestoreWatch, path)).ToList();
        var reply = await client.Session.SetWatchesAsync(watched);
        var now = client.Now;
        foreach (var call in calls)
            client.Record(client.Done(call, reply) with { Completed = now });
    }

    private async Task AddAsync(string key, WatchList list)
    {
        var call = client.Begin(OperationKind.AddWatch, key) with { Amount = (int)list };
        var reply = await client.Session.AddWatchAsync(key, list == WatchList.Recursive);
        client.Record(client.Done(call, reply));
        if (reply.Error == 0)
            watched[key] = list;
    }

    /// <summary>getChildren of a parent, exists of a child.</summary>
    private async Task ReadAsync(OperationKind kind, string key)
    {
        var isParent = Family.IsParent(key);
        var watches = kind == OperationKind.WatchedRead;
        var call = client.Begin(kind, key);
        var reply = (await client.AskAsync(call,
            xid => Wire.ReadRequest(xid, isParent ? Wire.GetChildren2 : Wire.Exists, key, watches)))[0];
        var done = client.Done(call, reply);
        if (reply.Error == 0)
        {
            var stat = isParent ? ReplyReader.Children(reply).Stat : ReplyReader.StatAlone(reply);
            done = isParent
                ? done with { Version = stat.ChildVersion, ModifiedZxid = stat.ChildrenZxid }
                : done with { Version = stat.Version, ModifiedZxid = stat.ModifiedZxid };
        }

        client.Record(done);
        if (watches)
            watched[key] = isParent ? WatchList.Child : reply.Error == 0 ? WatchList.Data : WatchList.Exist;
    }

    private void Fired(WatchEvent fired)
    {
        if (added is null)
            watched.Remove(fired.Path);
        var call = client.Begin(OperationKind.Event, fired.Path);
        client.Record(call with { Completed = call.Invoked, Zxid = fired.Zxid, Amount = (int)fired.Type });
    }
}
