namespace Coord.StateMachine;

/// <summary>
/// The newest changes, so that the watches of a client whose connection was gone for a moment can be told what they
/// missed (docs/internals/extensions.md, watch-from). Belongs to one node: it is in no digest and no snapshot.
/// </summary>
/// <remarks>
/// Two blocks: once the newer one is full the older one is forgotten, and its memory takes the next changes.
/// </remarks>
public sealed class ChangeHistory
{
    private readonly int _pathBytesMax;
    private Block _older;
    private Block _newer;

    /// <summary>An empty history.</summary>
    /// <param name="changesMax">
    /// Changes of which none is forgotten before there are more, if their paths fit; at least 1.
    /// </param>
    /// <param name="pathBytesMax">Bytes of their paths, alike.</param>
    /// <param name="floor">The newest zxid whose changes it does not have.</param>
    public ChangeHistory(int changesMax, int pathBytesMax, long floor)
    {
        _pathBytesMax = pathBytesMax;
        _older = new Block(changesMax, pathBytesMax);
        _newer = new Block(changesMax, pathBytesMax);
        Floor = floor;
    }

    /// <summary>Changes of this zxid, or of earlier ones, may be missing.</summary>
    public long Floor { get; private set; }

    /// <summary>Begins anew: the state was replaced by another.</summary>
    /// <param name="floor">The zxid of that state.</param>
    public void Restart(long floor)
    {
        _older.Count = _newer.Count = 0;
        Floor = floor;
    }

    /// <summary>Keeps what an entry changed.</summary>
    public void Note(long zxid, ChangeList changes)
    {
        for (int i = 0; i < changes.Count; i++)
            Note(zxid, changes.RecordAt(i), changes[i].Path);
    }

    /// <summary>
    /// Whether all that was changed behind a zxid is here, and in few enough changes.
    /// </summary>
    /// <param name="zxid">The newest one that somebody has heard of.</param>
    /// <param name="changesMax">How many he can be told.</param>
    public bool Reaches(long zxid, int changesMax) =>
        zxid >= Floor && _older.CountBehind(zxid) + _newer.CountBehind(zxid) <= changesMax;

    /// <summary>Fires watches for all that was changed behind a zxid, in its order.</summary>
    /// <param name="zxid">The newest one that the watchers have heard of.</param>
    /// <param name="watches">Whose.</param>
    /// <param name="sink">Takes the events.</param>
    /// <returns>How many changes these were.</returns>
    public int Replay<TWatcher, TSink>(long zxid, WatchTable<TWatcher> watches, TSink sink)
        where TWatcher : notnull
        where TSink : IWatchSink<TWatcher> =>
        Replay(_older, zxid, watches, sink) + Replay(_newer, zxid, watches, sink);

    private static int Replay<TWatcher, TSink>(Block block, long zxid, WatchTable<TWatcher> watches, TSink sink)
        where TWatcher : notnull
        where TSink : IWatchSink<TWatcher>
    {
        int first = block.Count - block.CountBehind(zxid);
        for (int i = first; i < block.Count; i++)
        {
            ref readonly var kept = ref block.Changes[i];
            var path = block.Paths.AsSpan(kept.Change.PathOffset, kept.Change.PathLength);
            watches.Trigger(new ZnodeChange(kept.Change.Type, path, kept.Change.Acl), kept.Zxid, sink);
        }

        return block.Count - first;
    }

    private void Note(long zxid, in ChangeRecord change, ReadOnlySpan<byte> path)
    {
        if (!_newer.HasRoom(path.Length))
        {
            (_older, _newer) = (_newer, _older);
            Forget(_newer);
        }

        // Longer than a whole block: nothing that came before can be told without it.
        if (path.Length > _pathBytesMax)
            Restart(zxid);
        else
            _newer.Add(zxid, change, path);
    }

    private void Forget(Block block)
    {
        if (block.Count > 0)
            Floor = block.Changes[block.Count - 1].Zxid;
        block.Count = 0;
    }

    private readonly record struct Kept(long Zxid, ChangeRecord Change);

    private sealed class Block(int changesMax, int pathBytesMax)
    {
        private int _pathsEnd;
        private int _count;

        public Kept[] Changes { get; } = new Kept[changesMax];

        public byte[] Paths { get; } = GC.AllocateUninitializedArray<byte>(pathBytesMax);

        public int Count
        {
            get => _count;
            set
            {
                _count = value;
                _pathsEnd = value == 0 ? 0 : _pathsEnd;
            }
        }

        public bool HasRoom(int pathBytes) => _count < Changes.Length && _pathsEnd + pathBytes <= Paths.Length;

        public void Add(long zxid, in ChangeRecord change, ReadOnlySpan<byte> path)
        {
            path.CopyTo(Paths.AsSpan(_pathsEnd));
            Changes[_count++] = new Kept(zxid, change with { PathOffset = _pathsEnd });
            _pathsEnd += path.Length;
        }

        // Zxids ascend, so those behind one are the last.
        public int CountBehind(long zxid)
        {
            int low = 0;
            int high = _count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (Changes[middle].Zxid <= zxid)
                    low = middle + 1;
                else
                    high = middle;
            }

            return _count - low;
        }
    }
}
