namespace Coord.Simulation.Clients;

/// <summary>The watches that a client has, as ZooKeeper's client libraries keep them.</summary>
internal sealed class ClientWatches(int client, History history)
{
    private const int NoNode = -101;
    private const int Created = 1;
    private const int Deleted = 2;
    private const int DataChanged = 3;

    private readonly Dictionary<(WatchSubject Subject, string Path), WatchLife> _active = [];

    public bool IsEmpty => _active.Count == 0;

    /// <summary>An answered read left a watch; one that is there already stays as old as it is.</summary>
    public void Left(Operation read)
    {
        WatchSubject subject;
        if (read.Kind == OperationKind.Exists && read.Error == NoNode)
            subject = WatchSubject.Existence;
        else if (read.Error != 0)
            return;
        else
            subject = read.Kind == OperationKind.Children ? WatchSubject.Children : WatchSubject.Data;

        if (_active.ContainsKey((subject, read.Path)))
            return;

        var watch = new WatchLife
        {
            Client = client,
            SessionNumber = read.SessionNumber,
            Subject = subject,
            Path = read.Path,
            SetAtZxid = read.Zxid,
            ShownZxid = read.Zxid,
        };
        _active[(subject, read.Path)] = watch;
        history.Watches.Add(watch);
    }

    /// <summary>An answer was read: whatever it may show, events of changes up to there came before it.</summary>
    public void Shown(long zxid)
    {
        foreach (var watch in _active.Values)
            watch.ShownZxid = Math.Max(watch.ShownZxid, zxid);
    }

    /// <summary>False: this client has no watch that the event could be for.</summary>
    public bool Fired(int type, string path, long now)
    {
        var isKnown = false;
        if (type is Created or Deleted or DataChanged)
            isKnown = End(WatchSubject.Data, type, path, now) | End(WatchSubject.Existence, type, path, now);

        if (type is not (Created or DataChanged))
            isKnown |= End(WatchSubject.Children, type, path, now);

        return isKnown;
    }

    /// <summary>The session is over, and its watches with it.</summary>
    public void Clear() => _active.Clear();

    /// <summary>The request that restores them on a new connection.</summary>
    public Wire Encode(int xid, long lastZxid)
    {
        var wire = new Wire().Int(xid).Int((int)OperationKind.SetWatches).Long(lastZxid);
        foreach (var subject in new[] { WatchSubject.Data, WatchSubject.Existence, WatchSubject.Children })
        {
            var paths = _active.Keys.Where(k => k.Subject == subject).Select(k => k.Path).ToArray();
            wire.Int(paths.Length);
            foreach (var path in paths)
                wire.Text(path);
        }

        return wire;
    }

    private bool End(WatchSubject subject, int type, string path, long now)
    {
        if (!_active.Remove((subject, path), out var watch))
            return false;

        watch.EventType = type;
        watch.EventAt = now;
        return true;
    }
}
