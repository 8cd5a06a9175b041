namespace Coord.StateMachine;

/// <summary>
/// The newest changes, so that the watches of a client whose connection was gone for a moment can be told what they
/// missed (docs/internals/extensions.md, watch-from). Belongs to one node: it is in no digest and no snapshot.
/// </summary>
/// <remarks>
/// Two blocks: once the newer one is full the older one is forgotten, and its memory takes the next changes. The ACLs
/// that decide who is told are not copied, but held on to, and counted.
/// </remarks>
public sealed class ChangeHistory
{
    private readonly int _bytesMax;
    private Block _older;
    private Block _newer;

    /// <summary>An empty history.</summary>
    /// <param name="changesMax">
    /// Changes of which none is forgotten before there are more, if their paths fit; at least 1.
    /// </param>
    /// <param name="bytesMax">Bytes of their paths and ACLs, alike.</param>
    /// <param name="floor">The newest zxid whose changes it does not have.</param>
    public ChangeHistory(int changesMax, int bytesMax, long floor)
    {
        _bytesMax = bytesMax;
        _older = new Block(changesMax, bytesMax);
        _newer = new Block(changesMax, bytesMax);
        Floor = floor;
    }

    /// <summary>Changes of this zxid, or of earlier ones, may be missing.</summary>
    public long Floor { get; private set; }

    /// <summary>Begins anew: the state was replaced by another.</summary>
    /// <param name="floor">The zxid of that state.</param>
    public void Restart(long floor)
    {
        _older.Clear();
        _newer.Clear();
        Floor = floor;
    }

    /// <summary>Keeps what an entry changed.</summary>
    public void Note(long zxid, ChangeList changes)
    {
        for (int i = 0; i < changes.Count; i++)
            Note(zxid, changes.RecordAt(i), changes[i].Path);
    }

    /// <summary>Whether all that was changed behind a zxid is here.</summary>
    /// <param name="zxid">The newest one that somebody has heard of.</param>
    public bool Reaches(long zxid) => zxid >= Floor;

    /// <summary>What was changed behind a zxid, as far as it is here.</summary>
    /// <param name="zxid">The newest one that somebody has heard of.</param>
    /// <returns>How many changes, and the bytes of their paths and ACLs.</returns>
    public (int Changes, int Bytes) Behind(long zxid)
    {
        var (older, newer) = (_older.Behind(zxid), _newer.Behind(zxid));
        return (older.Changes + newer.Changes, older.Bytes + newer.Bytes);
    }

    /// <summary>Fires watches for all that was changed behind a zxid, in its order.</summary>
    /// <param name="zxid">The newest one that the watchers have heard of.</param>
    /// <param name="watches">Whose.</param>
    /// <param name="sink">Takes the events.</param>
    public void Replay<TWatcher, TSink>(long zxid, WatchTable<TWatcher> watches, TSink sink)
        where TWatcher : notnull
        where TSink : IWatchSink<TWatcher>
    {
        Replay(_older, zxid, watches, sink);
        Replay(_newer, zxid, watches, sink);
    }

    private static void Replay<TWatcher, TSink>(Block block, long zxid, WatchTable<TWatcher> watches, TSink sink)
        where TWatcher : notnull
        where TSink : IWatchSink<TWatcher>
    {
        for (int i = block.Count - block.Behind(zxid).Changes; i < block.Count; i++)
        {
            ref readonly var kept = ref block[i];
            var path = block.PathOf(kept);
            watches.Trigger(new ZnodeChange(kept.Change.Type, path, kept.Change.Acl), kept.Zxid, sink);
        }
    }

    private void Note(long zxid, in ChangeRecord change, ReadOnlySpan<byte> path)
    {
        int bytes = path.Length + (change.Acl?.Length ?? 0);
        if (!_newer.HasRoom(bytes))
        {
            (_older, _newer) = (_newer, _older);
            if (_newer.Count > 0)
                Floor = _newer[_newer.Count - 1].Zxid;
            _newer.Clear();
        }

        // More than a whole block: nothing that came before can be told without it.
        if (bytes > _bytesMax)
            Restart(zxid);
        else
            _newer.Add(zxid, change, path, bytes);
    }

    private readonly record struct Kept(long Zxid, ChangeRecord Change, int BytesEnd);

    private sealed class Block(int changesMax, int bytesMax)
    {
        private readonly Kept[] _changes = new Kept[changesMax];
        private readonly byte[] _paths = GC.AllocateUninitializedArray<byte>(bytesMax);
        private int _pathsEnd;
        private int _bytesEnd;

        public int Count { get; private set; }

        public ref readonly Kept this[int number] => ref _changes[number];

        public ReadOnlySpan<byte> PathOf(in Kept kept) => _paths.AsSpan(kept.Change.PathOffset, kept.Change.PathLength);

        public bool HasRoom(int bytes) => Count < _changes.Length && _bytesEnd + bytes <= _paths.Length;

        public void Add(long zxid, in ChangeRecord change, ReadOnlySpan<byte> path, int bytes)
        {
            path.CopyTo(_paths.AsSpan(_pathsEnd));
            _bytesEnd += bytes;
            _changes[Count++] = new Kept(zxid, change with { PathOffset = _pathsEnd }, _bytesEnd);
            _pathsEnd += path.Length;
        }

        // ACLs go with it.
        public void Clear()
        {
            Array.Clear(_changes, 0, Count);
            Count = _pathsEnd = _bytesEnd = 0;
        }

        // Zxids ascend, so those behind one are the last.
        public (int Changes, int Bytes) Behind(long zxid)
        {
            int low = 0;
            int high = Count;
            while (low < high)
            {
                int middle = (low + high) / 2;
                if (_changes[middle].Zxid <= zxid)
                    low = middle + 1;
                else
                    high = middle;
            }

            return (Count - low, _bytesEnd - (low == 0 ? 0 : _changes[low - 1].BytesEnd));
        }
    }
}
