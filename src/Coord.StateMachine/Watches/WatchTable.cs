using System.Diagnostics.CodeAnalysis;
using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// One-shot watches by path and watcher. Belongs to one node and its connections: it is in no digest and no snapshot.
/// </summary>
/// <typeparam name="TWatcher">What stands for a connection: a watch dies with it.</typeparam>
public sealed class WatchTable<TWatcher>
    where TWatcher : notnull
{
    private readonly ulong _indexSeed;
    private readonly BlockStore _blocks = new();
    private readonly SlotTable<WatchedPath> _paths = new();
    private readonly SlotTable<Watch> _watches = new();
    private readonly SlotTable<Watcher> _watchers = new();
    private readonly HashDirectory _pathIndex = new();
    private readonly HashDirectory _watchIndex = new();
    private readonly Dictionary<TWatcher, int> _watcherNumbers = [];
    private readonly List<TWatcher> _fired = [];
    private readonly int[] _counts = new int[2];
    private long _triggerNumber;

    /// <summary>An empty table.</summary>
    /// <param name="indexSeed">
    /// Any number that clients do not know, so that they cannot choose paths that collide.
    /// </param>
    public WatchTable(ulong indexSeed = 0) => _indexSeed = indexSeed;

    /// <summary>Watches set by getData and exists.</summary>
    public int DataCount => _counts[(int)WatchKind.Data];

    /// <summary>Watches set by getChildren.</summary>
    public int ChildCount => _counts[(int)WatchKind.Child];

    /// <summary>Paths with at least one watch.</summary>
    public int PathCount => _paths.Count;

    /// <summary>Watchers with at least one watch.</summary>
    public int WatcherCount => _watchers.Count;

    private PathLinks OfPath => new(_watches);

    private WatcherLinks OfWatcher => new(_watches);

    /// <summary>Sets a watch; false when the watcher has it already, and then nothing changes.</summary>
    public bool Add(WatchKind kind, ReadOnlySpan<byte> path, TWatcher watcher)
    {
        int pathNumber = FindPath(path);
        bool isKnown = _watcherNumbers.TryGetValue(watcher, out int watcherNumber);
        if (isKnown && pathNumber != Ring.None && FindWatch(kind, pathNumber, watcherNumber) != Ring.None)
            return false;

        if (pathNumber == Ring.None)
            pathNumber = AddPath(path);
        if (!isKnown)
            watcherNumber = AddWatcher(watcher);
        AddWatch(kind, pathNumber, watcherNumber);
        return true;
    }

    /// <summary>Whether the watcher has this watch.</summary>
    public bool Contains(WatchKind kind, ReadOnlySpan<byte> path, TWatcher watcher)
    {
        int pathNumber = FindPath(path);
        return pathNumber != Ring.None && _watcherNumbers.TryGetValue(watcher, out int watcherNumber)
            && FindWatch(kind, pathNumber, watcherNumber) != Ring.None;
    }

    /// <summary>
    /// Fires what <paramref name="change"/> concerns, in the order in which the watches were set: for Deleted the data
    /// watches, then those child watches whose watcher was not told yet (zookeeper-protocol 6.3).
    /// </summary>
    public void Trigger<TSink>(in ZnodeChange change, long zxid, TSink sink)
        where TSink : IWatchSink<TWatcher>
    {
        if (_paths.Count == 0)
            return;
        int pathNumber = FindPath(change.Path);
        if (pathNumber == Ring.None)
            return;

        _triggerNumber++;
        _fired.Clear();
        if (change.Type != WatchEventType.NodeChildrenChanged)
            Take(WatchKind.Data, pathNumber);
        if (change.Type is WatchEventType.NodeChildrenChanged or WatchEventType.NodeDeleted)
            Take(WatchKind.Child, pathNumber);
        RemovePathIfUnused(pathNumber);

        foreach (var watcher in _fired)
            sink.OnEvent(watcher, zxid, change.Type, change.Path);
        _fired.Clear();
    }

    /// <summary>
    /// Sets a client's watches again after a reconnect, or tells what it missed, in the order of the three lists.
    /// </summary>
    public void Restore<TSink>(in SetWatchesRequest request, ZnodeTree tree, TWatcher watcher, TSink sink)
        where TSink : IWatchSink<TWatcher>
    {
        foreach (var path in request.Data)
            Restore(RestoredWatch.Data, path, request.RelativeZxid, tree, watcher, sink);
        foreach (var path in request.Exist)
            Restore(RestoredWatch.Exist, path, request.RelativeZxid, tree, watcher, sink);
        foreach (var path in request.Child)
            Restore(RestoredWatch.Child, path, request.RelativeZxid, tree, watcher, sink);
    }

    /// <summary>
    /// One path of a client's setWatches: the event that it missed since <paramref name="relativeZxid"/>, or else the
    /// watch is set again (zookeeper-protocol 6.6). Events are not merged, and their zxid is -1.
    /// </summary>
    public void Restore<TSink>(
        RestoredWatch list, ReadOnlySpan<byte> path, long relativeZxid, ZnodeTree tree, TWatcher watcher, TSink sink)
        where TSink : IWatchSink<TWatcher>
    {
        bool isThere = tree.Exists(path, out var stat) == ErrorCode.Ok;
        var missed = list switch
        {
            RestoredWatch.Exist => isThere ? WatchEventType.NodeCreated : WatchEventType.None,
            _ when !isThere => WatchEventType.NodeDeleted,
            RestoredWatch.Data when stat.Mzxid > relativeZxid => WatchEventType.NodeDataChanged,
            RestoredWatch.Child when stat.Pzxid > relativeZxid => WatchEventType.NodeChildrenChanged,
            _ => WatchEventType.None,
        };
        if (missed == WatchEventType.None)
            Add(list == RestoredWatch.Child ? WatchKind.Child : WatchKind.Data, path, watcher);
        else
            sink.OnEvent(watcher, zxid: -1, missed, path);
    }

    /// <summary>Forgets a watcher and all its watches.</summary>
    public void RemoveAll(TWatcher watcher)
    {
        if (!_watcherNumbers.TryGetValue(watcher, out int watcherNumber))
            return;

        int count = _watchers[watcherNumber].Count;
        for (int i = 0; i < count; i++)
        {
            int watch = _watchers[watcherNumber].First;
            int pathNumber = _watches[watch].Path;
            RemoveWatch(watch);
            RemovePathIfUnused(pathNumber);
        }
    }

    // Removes a path's watches of one kind and notes whom to tell.
    private void Take(WatchKind kind, int pathNumber)
    {
        while (true)
        {
            int watch = _paths[pathNumber].First(kind);
            if (watch == Ring.None)
                return;

            ref var watcher = ref _watchers[_watches[watch].Watcher];
            if (watcher.LastTrigger != _triggerNumber)
                _fired.Add(watcher.Value);
            watcher.LastTrigger = _triggerNumber;
            RemoveWatch(watch);
        }
    }

    private void AddWatch(WatchKind kind, int pathNumber, int watcherNumber)
    {
        int watch = _watches.Allocate();
        _watches[watch] = new Watch { Path = pathNumber, Watcher = watcherNumber, Kind = kind };
        Ring.Append(ref _paths[pathNumber].First(kind), watch, OfPath);
        ref var watcher = ref _watchers[watcherNumber];
        Ring.Append(ref watcher.First, watch, OfWatcher);
        watcher.Count++;
        _watchIndex.Add(HashOf(kind, pathNumber, watcherNumber), watch);
        _counts[(int)kind]++;
    }

    private void RemoveWatch(int number)
    {
        var watch = _watches[number];
        Ring.Remove(ref _paths[watch.Path].First(watch.Kind), number, OfPath);
        ref var watcher = ref _watchers[watch.Watcher];
        Ring.Remove(ref watcher.First, number, OfWatcher);
        watcher.Count--;
        _watchIndex.Remove(HashOf(watch.Kind, watch.Path, watch.Watcher), number);
        _counts[(int)watch.Kind]--;
        _watches.Free(number);
        if (watcher.Count == 0)
            RemoveWatcher(watch.Watcher);
    }

    private int FindWatch(WatchKind kind, int pathNumber, int watcherNumber)
    {
        var search = _watchIndex.Find(HashOf(kind, pathNumber, watcherNumber));
        while (search.TryNext(out int number))
        {
            ref var watch = ref _watches[number];
            if (watch.Path == pathNumber && watch.Watcher == watcherNumber && watch.Kind == kind)
                return number;
        }

        return Ring.None;
    }

    private int AddWatcher(TWatcher watcher)
    {
        int number = _watchers.Allocate();
        _watchers[number] = new Watcher { Value = watcher, First = Ring.None };
        _watcherNumbers.Add(watcher, number);
        return number;
    }

    private void RemoveWatcher(int number)
    {
        _watcherNumbers.Remove(_watchers[number].Value);
        _watchers.Free(number);
    }

    private int FindPath(ReadOnlySpan<byte> path)
    {
        var search = _pathIndex.Find(HashOf(path));
        while (search.TryNext(out int number))
        {
            ref var candidate = ref _paths[number];
            if (_blocks.At(candidate.Block, candidate.Length).SequenceEqual(path))
                return number;
        }

        return Ring.None;
    }

    private int AddPath(ReadOnlySpan<byte> path)
    {
        int number = _paths.Allocate();
        uint block = _blocks.Allocate(path.Length);
        path.CopyTo(_blocks.At(block, path.Length));
        _paths[number] = new WatchedPath
        {
            Block = block, Length = path.Length, FirstData = Ring.None, FirstChild = Ring.None,
        };
        _pathIndex.Add(HashOf(path), number);
        return number;
    }

    private void RemovePathIfUnused(int number)
    {
        var path = _paths[number];
        if (path.FirstData != Ring.None || path.FirstChild != Ring.None)
            return;
        _pathIndex.Remove(HashOf(_blocks.At(path.Block, path.Length)), number);
        _blocks.Free(path.Block, path.Length);
        _paths.Free(number);
    }

    private uint HashOf(ReadOnlySpan<byte> path) => (uint)FastHash.Bytes(path, _indexSeed);

    private static uint HashOf(WatchKind kind, int pathNumber, int watcherNumber) =>
        (uint)FastHash.Mix(
            0x9E37_79B9_7F4A_7C15 ^ ((ulong)pathNumber << 32 | (uint)watcherNumber),
            0xC2B2_AE3D_27D4_EB4F + (ulong)kind);

    private struct Watch
    {
        public Link OfPath;
        public Link OfWatcher;
        public int Path;
        public int Watcher;
        public WatchKind Kind;
    }

    private struct WatchedPath
    {
        public uint Block;
        public int Length;
        public int FirstData;
        public int FirstChild;

        [UnscopedRef]
        public ref int First(WatchKind kind) => ref kind == WatchKind.Data ? ref FirstData : ref FirstChild;
    }

    private struct Watcher
    {
        public TWatcher Value;
        public int First;
        public int Count;
        public long LastTrigger;
    }

    private readonly struct PathLinks(SlotTable<Watch> watches) : ILinks
    {
        public ref Link At(int slot) => ref watches[slot].OfPath;
    }

    private readonly struct WatcherLinks(SlotTable<Watch> watches) : ILinks
    {
        public ref Link At(int slot) => ref watches[slot].OfWatcher;
    }
}
