using System.Diagnostics.CodeAnalysis;

namespace Coord.StateMachine;

/// <summary>
/// Watches by (table, path, watcher), by path and by watcher, in slots without an object each. Knows how they hang
/// together; what they mean is <see cref="WatchTable{TWatcher}"/>'s.
/// </summary>
internal sealed class WatchIndex<TWatcher>(ulong seed)
    where TWatcher : notnull
{
    private readonly BlockStore _blocks = new();
    private readonly SlotTable<WatchedPath> _paths = new();
    private readonly SlotTable<Watch> _watches = new();
    private readonly SlotTable<Watcher> _watchers = new();
    private readonly HashDirectory _pathIndex = new();
    private readonly HashDirectory _watchIndex = new();
    private readonly Dictionary<TWatcher, int> _watcherNumbers = [];

    /// <summary>All numbers of watches are below this.</summary>
    public int End => _watches.End;

    public int PathCount => _paths.Count;

    public int WatcherCount => _watchers.Count;

    private PathLinks OfPath => new(_watches);

    private WatcherLinks OfWatcher => new(_watches);

    public ref Watch this[int watch] => ref _watches[watch];

    public ref Watcher WatcherOf(in Watch watch) => ref _watchers[watch.Watcher];

    public ReadOnlySpan<byte> PathOf(in Watch watch) => TextOf(_paths[watch.Path]);

    /// <summary>The watch after this one on the same path and in the same table, in a ring.</summary>
    public int Next(int watch) => _watches[watch].OfPath.Next;

    /// <summary>The first watch of a table on a path, or <see cref="Ring.None"/>.</summary>
    public int First(WatchKind kind, int path) => path == Ring.None ? Ring.None : _paths[path].First(kind);

    /// <summary>The last one that was set there.</summary>
    public int Last(WatchKind kind, int path) => _watches[_paths[path].First(kind)].OfPath.Previous;

    public int FindPath(ReadOnlySpan<byte> path) => FindPath(path, HashOf(path));

    public int FindPath(ReadOnlySpan<byte> path, uint hash)
    {
        var search = _pathIndex.Find(hash);
        while (search.TryNext(out int number))
        {
            if (TextOf(_paths[number]).SequenceEqual(path))
                return number;
        }

        return Ring.None;
    }

    public int FindWatcher(TWatcher watcher) => _watcherNumbers.TryGetValue(watcher, out int found) ? found : Ring.None;

    public ref Watcher WatcherAt(int watcher) => ref _watchers[watcher];

    public int Find(WatchKind kind, int path, int watcher)
    {
        if (path == Ring.None || watcher == Ring.None)
            return Ring.None;
        var search = _watchIndex.Find(HashOf(kind, path, watcher));
        while (search.TryNext(out int number))
        {
            ref var watch = ref _watches[number];
            if (watch.Path == path && watch.Watcher == watcher && watch.Kind == kind)
                return number;
        }

        return Ring.None;
    }

    /// <summary>A watcher that is not known; its first watch is to follow.</summary>
    public int AddWatcher(TWatcher watcher)
    {
        int number = _watchers.Allocate();
        _watchers[number] = new Watcher { Value = watcher, First = Ring.None };
        _watcherNumbers.Add(watcher, number);
        return number;
    }

    /// <summary>A path that is not known; its first watch is to follow.</summary>
    public int AddPath(ReadOnlySpan<byte> path)
    {
        int number = _paths.Allocate();
        uint block = _blocks.Allocate(path.Length);
        path.CopyTo(_blocks.At(block, path.Length));
        _paths[number] = new WatchedPath
        {
            Block = block,
            Length = path.Length,
            FirstData = Ring.None,
            FirstChild = Ring.None,
            FirstRecursive = Ring.None,
        };
        _pathIndex.Add(HashOf(path), number);
        return number;
    }

    /// <summary>A new watch, without a mode.</summary>
    public int Add(WatchKind kind, int path, int watcher)
    {
        int number = _watches.Allocate();
        _watches[number] = new Watch { Path = path, Watcher = watcher, Kind = kind };
        ref var watched = ref _paths[path];
        Ring.Append(ref watched.First(kind), number, OfPath);
        ref var owner = ref _watchers[watcher];
        Ring.Append(ref owner.First, number, OfWatcher);
        owner.Count++;
        owner.PathBytes += watched.Length;
        _watchIndex.Add(HashOf(kind, path, watcher), number);
        return number;
    }

    /// <summary>Removes a watch, and its path and watcher with their last one.</summary>
    public void Remove(int number)
    {
        var watch = _watches[number];
        ref var path = ref _paths[watch.Path];
        Ring.Remove(ref path.First(watch.Kind), number, OfPath);
        ref var owner = ref _watchers[watch.Watcher];
        Ring.Remove(ref owner.First, number, OfWatcher);
        owner.Count--;
        owner.PathBytes -= path.Length;
        _watchIndex.Remove(HashOf(watch.Kind, watch.Path, watch.Watcher), number);
        _watches.Free(number);
        if (owner.Count == 0)
            RemoveWatcher(watch.Watcher);
        if (path.IsUnused)
            RemovePath(watch.Path);
    }

    private ReadOnlySpan<byte> TextOf(in WatchedPath path) => _blocks.At(path.Block, path.Length);

    private void RemoveWatcher(int number)
    {
        _watcherNumbers.Remove(_watchers[number].Value);
        _watchers.Free(number);
    }

    private void RemovePath(int number)
    {
        var path = _paths[number];
        _pathIndex.Remove(HashOf(TextOf(path)), number);
        _blocks.Free(path.Block, path.Length);
        _paths.Free(number);
    }

    private uint HashOf(ReadOnlySpan<byte> path) => PathPrefixes.HashOf(path, seed);

    private static uint HashOf(WatchKind kind, int path, int watcher) =>
        (uint)FastHash.Mix(
            0x9E37_79B9_7F4A_7C15 ^ ((ulong)path << 32 | (uint)watcher), 0xC2B2_AE3D_27D4_EB4F + (ulong)kind);

    internal struct Watch
    {
        public Link OfPath;
        public Link OfWatcher;
        public int Path;
        public int Watcher;
        public WatchKind Kind;
        public WatchModes Modes;
    }

    internal struct Watcher
    {
        public TWatcher Value;
        public int First;
        public int Count;
        public long PathBytes;
        public long LastTrigger;
    }

    private struct WatchedPath
    {
        public uint Block;
        public int Length;
        public int FirstData;
        public int FirstChild;
        public int FirstRecursive;

        public readonly bool IsUnused =>
            FirstData == Ring.None && FirstChild == Ring.None && FirstRecursive == Ring.None;

        [UnscopedRef]
        public ref int First(WatchKind kind)
        {
            if (kind == WatchKind.Data)
                return ref FirstData;
            return ref kind == WatchKind.Child ? ref FirstChild : ref FirstRecursive;
        }
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
