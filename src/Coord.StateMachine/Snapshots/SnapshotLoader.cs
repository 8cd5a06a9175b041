using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ChunkKind = Coord.StateMachine.SnapshotFormat.ChunkKind;

namespace Coord.StateMachine;

/// <summary>
/// Builds a tree from a snapshot's chunks, in their order, and checks it: nothing missing, nothing twice, every parent
/// and session there, and the content hash equal to the one the writer had. Any bytes are taken without an exception;
/// what is wrong with them says <see cref="Fault"/>.
/// </summary>
public sealed class SnapshotLoader
{
    private readonly ZnodeTree _tree;
    private readonly ZnodeStore _store;
    private readonly Dictionary<int, int> _acls = [];
    private readonly List<(int Slot, int Children)> _parents = [];
    private readonly List<int> _orphans = [];
    private readonly List<PathPlace> _places = [];
    private readonly HashDirectory _parentPaths = new();
    private readonly Dictionary<long, int> _expectedEphemerals = [];
    private ulong _contentHash;
    private long _linked;
    private int _lastParent = Znode.None;
    private long _lastAclNumber = long.MinValue; // No list has this one.
    private int _lastAcl;
    private ulong _lastAclHash;
    private bool _hasHeader;
    private bool _hasEnd;

    /// <summary>A loader for one snapshot.</summary>
    /// <param name="indexSeed">As for <see cref="ZnodeTree(ulong)"/>.</param>
    public SnapshotLoader(ulong indexSeed = 0)
    {
        _tree = ZnodeTree.CreateEmpty(indexSeed);
        _store = _tree.Store;
    }

    /// <summary>What is wrong with the snapshot; null while nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>
    /// A newer version of this program wrote the snapshot: it is not damaged, and must not be passed over (raft-design
    /// I7).
    /// </summary>
    public bool IsNewer { get; private set; }

    /// <summary>Takes the next chunk; false when the snapshot cannot be used.</summary>
    public bool Add(ReadOnlySpan<byte> chunk)
    {
        if (Fault == null)
            Fault = Read(chunk);
        return Fault == null;
    }

    /// <summary>The tree; null when a chunk is missing or something does not fit.</summary>
    public ZnodeTree? Complete()
    {
        Fault ??= _hasEnd ? null : "The snapshot has no end.";
        return Fault == null ? _tree : null;
    }

    private string? Read(ReadOnlySpan<byte> chunk)
    {
        var reader = new LittleEndianReader(chunk);
        reader.TryRead(out byte kind);
        if (_hasEnd || _hasHeader == ((ChunkKind)kind == ChunkKind.Header))
            return "A chunk is out of its place.";

        string? fault = (ChunkKind)kind switch
        {
            ChunkKind.Header => ReadHeader(ref reader),
            ChunkKind.Acls => ReadAcls(ref reader),
            ChunkKind.Origins => ReadOrigins(ref reader),
            ChunkKind.Sessions => ReadSessions(ref reader),
            ChunkKind.Znodes => ReadZnodes(ref reader),
            ChunkKind.End => ReadEnd(ref reader),
            _ => $"A chunk is of the unknown kind {kind}.",
        };
        return fault ?? (reader.IsAtEnd ? null : $"A chunk of kind {kind} is malformed.");
    }

    private string? ReadHeader(ref LittleEndianReader reader)
    {
        if (!reader.TryRead(out int version) || version != SnapshotFormat.Version)
        {
            IsNewer = version > SnapshotFormat.Version;
            return $"The snapshot has format version {version}, not {SnapshotFormat.Version}.";
        }

        if (!reader.TryRead(out long index) || !reader.TryRead(out long digest)
            || !reader.TryRead(out long membershipIndex) || !reader.TryRead(out int featureLevel)
            || !reader.TryRead(out int length) || !reader.TryRead(length, out var membership))
            return "The header is too short.";

        var cluster = new ClusterFacts(membershipIndex, membership.ToArray(), featureLevel);
        _tree.Restore(index, (ulong)digest, cluster);
        _contentHash = ContentHashing.OfProgress(index, (ulong)digest) + cluster.ContentHash();
        _hasHeader = true;
        return null;
    }

    private string? ReadAcls(ref LittleEndianReader reader)
    {
        while (reader.TryRead(out int number) && reader.TryRead(out int length) && reader.TryRead(length, out var acl))
        {
            // Held once here, and once more by each znode: those without one are forgotten at the end.
            if (!_acls.TryAdd(number, _store.Acls.Hold(acl)))
                return "An ACL list has the number of another.";
        }

        return null;
    }

    private string? ReadOrigins(ref LittleEndianReader reader)
    {
        while (reader.TryRead(out int node) && reader.TryRead(out long start) && reader.TryRead(out long next))
            _tree.Origins.Restore(node, new Origin(start, next));
        return null;
    }

    private string? ReadSessions(ref LittleEndianReader reader)
    {
        while (!reader.IsAtEnd)
        {
            if (!SessionCodec.TryRead(ref reader, out var session, out int ephemerals))
                return "A session is malformed.";
            if (!_expectedEphemerals.TryAdd(session.Id, ephemerals))
                return $"Session {session.Id} is there twice.";
            _tree.SessionTable.Add(session);
            _contentHash += (session.ToRecord() with { EphemeralCount = ephemerals }).ContentHash();
        }

        return null;
    }

    // Two passes over the chunk, whose znodes fit a core's cache: each is one tight loop. Parents of the same chunk are
    // there before anything is linked to them. The index of paths does not fit: it is made at the end.
    private string? ReadZnodes(ref LittleEndianReader reader)
    {
        int first = _store.Znodes.End;
        if (ReadContent(ref reader) is { } fault)
            return fault;

        LinkAll(first);
        return null;
    }

    // Compiled in full at once: a start is over before a loop that runs from the first moment on would be found out to
    // be hot. So too what it calls most.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private string? ReadContent(ref LittleEndianReader reader)
    {
        while (!reader.IsAtEnd)
        {
            if (!ZnodeCodec.TryRead(ref reader, out var znode, out var rare, out var path, out var data))
                return "A znode is malformed.";
            if (rare.Acl != _lastAclNumber && !TrySwitchAcl(rare.Acl))
                return "A znode's ACL list is missing.";
            if (rare.IsEphemeral && _tree.SessionTable.Find(rare.Owner) == null)
                return "An ephemeral's session is missing.";

            _contentHash += ContentHashing.OfZnode(znode, rare, path, data, _lastAclHash);
            Insert(znode, rare, path, data);
        }

        return null;
    }

    private bool TrySwitchAcl(int number)
    {
        if (!_acls.TryGetValue(number, out _lastAcl))
            return false;
        _lastAclNumber = number;
        _lastAclHash = _store.Acls.Hash(_lastAcl);
        return true;
    }

    private void Insert(in Znode znode, in RareFields rare, ReadOnlySpan<byte> path, ReadOnlySpan<byte> data)
    {
        _store.Acls.HoldAgain(_lastAcl);
        int slot = _store.Add(Znode.None, path, data, isNull: znode.DataLength < 0);
        ref var added = ref _store.Znodes[slot];
        added.Czxid = znode.Czxid;
        added.Mzxid = znode.Mzxid;
        added.Ctime = znode.Ctime;
        added.Mtime = znode.Mtime;
        added.Version = znode.Version;
        if (_lastAcl != AclTable.Open || !rare.IsPlain(znode.Czxid))
            SetRare(slot, rare);
        var place = new PathPlace(_store.HashOf(path), slot);
        _places.Add(place);
        if (rare.NumChildren == 0)
            return;
        _parents.Add((slot, rare.NumChildren));
        _parentPaths.Add(place.Hash, slot);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void LinkAll(int first)
    {
        for (int slot = first; slot < _store.Znodes.End; slot++)
        {
            _store.Count(slot);
            if (_store.RareOf(slot).IsEphemeral)
                _store.LinkToSession(slot);
            if (!TryLink(slot))
                _orphans.Add(slot);
        }
    }

    // Children are counted as they are linked.
    private void SetRare(int slot, in RareFields rare)
    {
        ref var own = ref _store.OwnRare(slot);
        own = rare;
        own.Acl = _lastAcl;
        own.NumChildren = 0;
        own.FirstChild = Znode.None;
    }

    // Siblings mostly follow each other: the last parent is tried before the others.
    private bool TryLink(int slot)
    {
        var path = _store.PathOf(slot);
        if (path.Length == 1)
            return true;

        var parentPath = path[..Math.Max(path.LastIndexOf((byte)'/'), 1)];
        if (_lastParent == Znode.None || !_store.PathOf(_lastParent).SequenceEqual(parentPath))
        {
            int found = _store.Find(parentPath, _store.HashOf(parentPath), _parentPaths);
            if (found == Znode.None || _store.RareOf(found).IsEphemeral)
                return false;
            _lastParent = found;
        }

        _store.Znodes[slot].Parent = _lastParent;
        _store.LinkToParent(slot);
        _linked++;
        return true;
    }

    private string? ReadEnd(ref LittleEndianReader reader)
    {
        if (!reader.TryRead(out long znodes) || !reader.TryRead(out long contentHash))
            return "The end is too short.";

        _hasEnd = true;
        if (!_store.TryIndex(CollectionsMarshal.AsSpan(_places)))
            return "A znode is there twice.";

        foreach (int slot in _orphans)
        {
            if (!TryLink(slot))
                return "A znode's parent is missing.";
        }

        SubtreeSums.Make(_store);
        foreach (int acl in _acls.Values)
            _store.Acls.Release(acl);
        _contentHash += _tree.Origins.ContentHash();
        if (znodes != _store.Znodes.Count || !AreCountsAsExpected())
            return "Znodes are missing.";
        return (ulong)contentHash == _contentHash ? null : "The content hash differs.";
    }

    private bool AreCountsAsExpected()
    {
        long expected = 0;
        foreach (var (slot, children) in _parents)
        {
            if (_store.RareOf(slot).NumChildren != children)
                return false;
            expected += children;
        }

        // Nobody else has children if these have all of them.
        if (expected != _linked)
            return false;

        foreach (var (id, count) in _expectedEphemerals)
        {
            if (_tree.SessionTable.Get(id).Ephemerals.Count != count)
                return false;
        }

        return _store.Find(BuiltInPaths.Root) != Znode.None;
    }
}
