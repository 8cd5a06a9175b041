using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// Watches by path and watcher. Belongs to one node and its connections: it is in no digest and no snapshot.
/// </summary>
/// <typeparam name="TWatcher">What stands for a connection: a watch dies with it.</typeparam>
public sealed class WatchTable<TWatcher>
    where TWatcher : notnull
{
    private readonly ulong _seed;
    private readonly uint _rootHash;
    private readonly WatchLimits _limits;
    private readonly WatchIndex<TWatcher> _index;
    private readonly List<TWatcher> _fired = [];
    private readonly int[] _counts = new int[3];
    private long _triggerNumber;

    /// <summary>An empty table without limits.</summary>
    public WatchTable()
        : this(WatchLimits.None, indexSeed: 0)
    {
    }

    /// <summary>An empty table.</summary>
    /// <param name="limits">What watchers may have set at a time.</param>
    /// <param name="indexSeed">
    /// Any number that clients do not know, so that they cannot choose paths that collide.
    /// </param>
    public WatchTable(WatchLimits limits, ulong indexSeed)
    {
        _limits = limits;
        _seed = indexSeed;
        _rootHash = PathPrefixes.HashOf(BuiltInPaths.Root, indexSeed);
        _index = new WatchIndex<TWatcher>(indexSeed);
    }

    /// <summary>An empty table without limits, of which clients know as little as of this one.</summary>
    public WatchTable<TWatcher> NewEmpty() => new(WatchLimits.None, _seed);

    /// <summary>Watches in the data table, persistent ones included and recursive ones apart.</summary>
    public int DataCount => _counts[(int)WatchKind.Data];

    /// <summary>Watches in the child table, persistent ones included.</summary>
    public int ChildCount => _counts[(int)WatchKind.Child];

    /// <summary>Persistent recursive watches.</summary>
    public int RecursiveCount => _counts[(int)WatchKind.Recursive];

    /// <summary>Persistent watches: each is in both tables and counted once here.</summary>
    public int PersistentCount { get; private set; }

    /// <summary>Paths with at least one watch.</summary>
    public int PathCount => _index.PathCount;

    /// <summary>Watchers with at least one watch.</summary>
    public int WatcherCount => _index.WatcherCount;

    /// <summary>Sets a watch that is told of once, as reads do.</summary>
    /// <returns>
    /// False: the watcher is at its limit, and nothing changed. True also where it has this watch already.
    /// </returns>
    public bool TryAdd(WatchKind kind, ReadOnlySpan<byte> path, TWatcher watcher) =>
        TryAdd([kind], WatchModes.Standard, path, watcher);

    /// <summary>Sets a watch that stays, as addWatch does; the znode need not exist.</summary>
    /// <returns>As the other overload; a persistent watch is set in both tables or in none.</returns>
    public bool TryAdd(AddWatchMode mode, ReadOnlySpan<byte> path, TWatcher watcher) =>
        mode == AddWatchMode.PersistentRecursive
            ? TryAdd([WatchKind.Recursive], WatchModes.PersistentRecursive, path, watcher)
            : TryAdd([WatchKind.Data, WatchKind.Child], WatchModes.Persistent, path, watcher);

    /// <summary>Whether the watcher has such a watch on exactly this path (zookeeper-protocol 6.7).</summary>
    public bool Contains(WatcherType type, ReadOnlySpan<byte> path, TWatcher watcher)
    {
        int pathNumber = _index.FindPath(path);
        int watcherNumber = _index.FindWatcher(watcher);
        for (var kind = WatchKind.Data; kind <= WatchKind.Recursive; kind++)
        {
            int watch = _index.Find(kind, pathNumber, watcherNumber);
            if (watch != Ring.None && (_index[watch].Modes & ModesOf(type, kind)) != 0)
                return true;
        }

        return false;
    }

    /// <summary>Removes such watches from exactly this path, without an event (zookeeper-protocol 6.7).</summary>
    /// <returns>False: there was none.</returns>
    public bool Remove(WatcherType type, ReadOnlySpan<byte> path, TWatcher watcher)
    {
        bool isRemoved = false;
        for (var kind = WatchKind.Data; kind <= WatchKind.Recursive; kind++)
        {
            int watch = _index.Find(kind, _index.FindPath(path), _index.FindWatcher(watcher));
            if (watch == Ring.None || (_index[watch].Modes & ModesOf(type, kind)) == 0)
                continue;
            RemoveModes(watch, ModesOf(type, kind));
            isRemoved = true;
        }

        return isRemoved;
    }

    /// <summary>
    /// Fires what <paramref name="change"/> concerns: on its path in the order in which watches were set, then the
    /// recursive ones of its ancestors, each watcher once. For Deleted those child watches follow whose watcher was not
    /// told yet (zookeeper-protocol 6.3).
    /// </summary>
    public void Trigger<TSink>(in ZnodeChange change, long zxid, TSink sink)
        where TSink : IWatchSink<TWatcher>
    {
        if (_index.PathCount == 0)
            return;
        _triggerNumber++;
        if (change.Type != WatchEventType.NodeChildrenChanged)
        {
            TakePath(WatchKind.Data, change.Path);
            if (RecursiveCount > 0)
                TakeRecursive(change.Path);
        }

        if (change.Type is WatchEventType.NodeChildrenChanged or WatchEventType.NodeDeleted)
            TakePath(WatchKind.Child, change.Path);

        foreach (var watcher in _fired)
            sink.OnEvent(watcher, zxid, change);
        _fired.Clear();
    }

    /// <summary>Forgets watches of a watcher that is gone, some at a time.</summary>
    /// <param name="watcher">Whose.</param>
    /// <param name="watchesMax">How many at most; at least 1.</param>
    /// <returns>How many were forgotten; below <paramref name="watchesMax"/> none is left.</returns>
    public int Forget(TWatcher watcher, int watchesMax)
    {
        int number = _index.FindWatcher(watcher);
        int count = number == Ring.None ? 0 : Math.Min(watchesMax, _index.WatcherAt(number).Count);
        for (int i = 0; i < count; i++)
        {
            int watch = _index.WatcherAt(number).First;
            RemoveModes(watch, _index[watch].Modes);
        }

        return count;
    }

    /// <summary>
    /// Shows watches to a visitor, some at a time. A watch that is set all the while is shown once, whatever is set or
    /// removed between two calls.
    /// </summary>
    /// <param name="from">0 to begin, then what the last call returned.</param>
    /// <param name="watchesMax">How many at most; at least 1.</param>
    /// <param name="pathBytesMax">Ends the call behind the watch with which their paths reach so many bytes.</param>
    /// <param name="visitor">Takes them.</param>
    /// <returns>Where to go on; -1 when all were shown.</returns>
    public int Visit<TVisitor>(int from, int watchesMax, int pathBytesMax, TVisitor visitor)
        where TVisitor : IWatchVisitor<TWatcher>
    {
        // Slots that are free cost a look each, so they count as well.
        int end = (int)Math.Min(_index.End, (long)from + watchesMax);
        int bytes = 0;
        while (from < end && bytes < pathBytesMax)
        {
            ref var watch = ref _index[from++];
            if (watch.Modes == WatchModes.None)
                continue;
            var path = _index.PathOf(watch);
            bytes += path.Length;
            visitor.Visit(_index.WatcherOf(watch).Value, path, watch.Kind, watch.Modes);
        }

        return from < _index.End ? from : -1;
    }

    // zookeeper-protocol 6.7: types 1 and 2 mean one-shot watches only.
    private static WatchModes ModesOf(WatcherType type, WatchKind kind) => (type, kind) switch
    {
        (WatcherType.Children, WatchKind.Child) or (WatcherType.Data, WatchKind.Data) => WatchModes.Standard,
        (WatcherType.Persistent, WatchKind.Data or WatchKind.Child) => WatchModes.Persistent,
        (WatcherType.PersistentRecursive, WatchKind.Recursive) => WatchModes.PersistentRecursive,
        (WatcherType.Any, _) => WatchModes.Standard | WatchModes.Persistent | WatchModes.PersistentRecursive,
        _ => WatchModes.None,
    };

    private bool TryAdd(ReadOnlySpan<WatchKind> kinds, WatchModes mode, ReadOnlySpan<byte> path, TWatcher watcher)
    {
        if (!HasRoom(kinds, path, watcher))
            return false;
        foreach (var kind in kinds)
            AddMode(kind, mode, path, watcher);
        return true;
    }

    private bool HasRoom(ReadOnlySpan<WatchKind> kinds, ReadOnlySpan<byte> path, TWatcher watcher)
    {
        int watcherNumber = _index.FindWatcher(watcher);
        int count = watcherNumber == Ring.None ? 0 : _index.WatcherAt(watcherNumber).Count;
        long bytes = watcherNumber == Ring.None ? 0 : _index.WatcherAt(watcherNumber).PathBytes;
        if (HasRoom(kinds.Length, path, count, bytes))
            return true;

        // At the limit those that it has already still count for nothing.
        int pathNumber = _index.FindPath(path);
        int added = 0;
        foreach (var kind in kinds)
            added += _index.Find(kind, pathNumber, watcherNumber) == Ring.None ? 1 : 0;
        return added == 0 || HasRoom(added, path, count, bytes);
    }

    private bool HasRoom(int added, ReadOnlySpan<byte> path, int count, long bytes) =>
        count + added <= _limits.WatchesMax
        && bytes + ((long)added * path.Length) <= _limits.PathBytesMax
        && (long)DataCount + ChildCount + RecursiveCount + added <= _limits.TotalMax;

    private void AddMode(WatchKind kind, WatchModes mode, ReadOnlySpan<byte> path, TWatcher watcher)
    {
        int pathNumber = _index.FindPath(path);
        int watcherNumber = _index.FindWatcher(watcher);
        int number = _index.Find(kind, pathNumber, watcherNumber);
        if (number == Ring.None)
        {
            number = _index.Add(
                kind, pathNumber == Ring.None ? _index.AddPath(path) : pathNumber,
                watcherNumber == Ring.None ? _index.AddWatcher(watcher) : watcherNumber);
            _counts[(int)kind]++;
        }

        ref var watch = ref _index[number];
        if (kind == WatchKind.Data && (mode & ~watch.Modes & WatchModes.Persistent) != 0)
            PersistentCount++;
        watch.Modes |= mode;
    }

    private void RemoveModes(int number, WatchModes modes)
    {
        ref var watch = ref _index[number];
        if (watch.Kind == WatchKind.Data && (watch.Modes & modes & WatchModes.Persistent) != 0)
            PersistentCount--;
        watch.Modes &= ~modes;
        if (watch.Modes != WatchModes.None)
            return;
        _counts[(int)watch.Kind]--;
        _index.Remove(number);
    }

    // All watches of one table on the path itself: those that are told once are used up.
    private void TakePath(WatchKind kind, ReadOnlySpan<byte> path)
    {
        int pathNumber = _index.FindPath(path);
        int watch = _index.First(kind, pathNumber);
        if (watch == Ring.None)
            return;

        int last = _index.Last(kind, pathNumber);
        while (true)
        {
            int next = _index.Next(watch);
            Note(_index[watch]);
            RemoveModes(watch, WatchModes.Standard);
            if (watch == last)
                return;
            watch = next;
        }
    }

    private void TakeRecursive(ReadOnlySpan<byte> path)
    {
        TakeRecursive(_index.FindPath(path));
        if (path.Length > 1)
            TakeRecursive(_index.FindPath(BuiltInPaths.Root, _rootHash));
        var prefixes = new PathPrefixes(path, _seed);
        while (prefixes.MoveNext() && prefixes.Length < path.Length)
            TakeRecursive(_index.FindPath(path[..prefixes.Length], (uint)prefixes.Hash));
    }

    private void TakeRecursive(int pathNumber)
    {
        int first = _index.First(WatchKind.Recursive, pathNumber);
        int watch = first;
        while (watch != Ring.None)
        {
            Note(_index[watch]);
            watch = _index.Next(watch);
            if (watch == first)
                return;
        }
    }

    private void Note(in WatchIndex<TWatcher>.Watch watch)
    {
        ref var watcher = ref _index.WatcherOf(watch);
        if (watcher.LastTrigger == _triggerNumber)
            return;
        watcher.LastTrigger = _triggerNumber;
        _fired.Add(watcher.Value);
    }
}
