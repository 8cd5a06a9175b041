using System.Buffers;
using ChunkKind = Coord.StateMachine.SnapshotFormat.ChunkKind;

namespace Coord.StateMachine;

/// <summary>
/// A snapshot being taken while the tree goes on: chunk by chunk, in steps as small as the caller likes. A znode that
/// is about to change before its turn is kept as it was; one that is created meanwhile is left out. So what is emitted
/// is the state at one index (raft-design S2).
/// </summary>
public sealed class SnapshotCursor : IDisposable
{
    private readonly ZnodeStore _store;
    private readonly TreeWriter _writer;
    private readonly ulong _rollingDigest;
    private readonly ClusterFacts _cluster;
    private readonly SessionRecord[] _sessions;
    private readonly KeyValuePair<int, Origin>[] _origins;
    private readonly byte[]?[] _acls;
    private readonly ulong[] _doneEarly;
    private readonly int _end;
    private readonly Queue<ArrayBufferWriter<byte>> _beforeImages = [];
    private ArrayBufferWriter<byte>? _openBeforeImages;
    private ulong _contentHash;
    private long _znodeCount;
    private ChunkKind _stage = ChunkKind.Header;
    private int _nextItem;
    private int _nextSlot;

    internal SnapshotCursor(
        ZnodeStore store,
        TreeWriter writer,
        SessionTable sessions,
        OriginTable origins,
        ClusterFacts cluster,
        long index,
        ulong digest)
    {
        _store = store;
        _writer = writer;
        _rollingDigest = digest;
        _cluster = cluster;
        Index = index;
        _sessions = new SessionRecord[sessions.Count];
        int place = 0;
        foreach (var session in sessions.All)
            _sessions[place++] = session.ToRecord();
        _origins = [.. origins.All];
        _acls = [.. Enumerable.Range(0, store.Acls.End).Select(store.Acls.EncodedArray)];
        _end = store.Znodes.End;
        _doneEarly = new ulong[(_end + 63) / 64];
        _contentHash = ContentHashing.OfProgress(index, digest) + cluster.ContentHash() + origins.ContentHash();
        writer.Snapshot = this;
    }

    /// <summary>The index whose state this is.</summary>
    public long Index { get; }

    /// <summary>Whether every chunk was written.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>The content hash of what was emitted; final once <see cref="IsComplete"/>.</summary>
    public ulong ContentHash => _contentHash;

    /// <summary>
    /// A buffer that takes nearly any chunk as it is: one that grows would be written several times over.
    /// </summary>
    public static ArrayBufferWriter<byte> NewChunk() => new(SnapshotFormat.ChunkRoom);

    /// <summary>
    /// Writes the next chunk and says whether another follows. A chunk holds at most <paramref name="maxZnodes"/>
    /// znodes and about 256 KiB, or one larger znode.
    /// </summary>
    public bool WriteNext(IBufferWriter<byte> chunk, int maxZnodes)
    {
        switch (_stage)
        {
            case ChunkKind.Header:
                WriteHeader(chunk);
                break;
            case ChunkKind.Acls:
                WriteAcls(chunk);
                break;
            case ChunkKind.Origins:
                WriteOrigins(chunk);
                break;
            case ChunkKind.Sessions:
                WriteSessions(chunk);
                break;
            case ChunkKind.Znodes:
                WriteZnodes(chunk, maxZnodes);
                break;
            default:
                WriteEnd(chunk);
                break;
        }

        return !IsComplete;
    }

    /// <summary>Gives the snapshot up, or does nothing when it is complete.</summary>
    public void Dispose()
    {
        if (_writer.Snapshot == this)
            _writer.Snapshot = null;
    }

    /// <summary>A znode is about to change: it is kept as it is, unless its turn has been.</summary>
    internal void BeforeChange(int slot)
    {
        if (!TryMarkDone(slot))
            return;

        _openBeforeImages ??= Started(NewChunk());
        Emit(slot, _openBeforeImages);
        if (_openBeforeImages.WrittenCount < SnapshotFormat.ChunkBytes)
            return;
        _beforeImages.Enqueue(_openBeforeImages);
        _openBeforeImages = null;
    }

    /// <summary>A slot that was free is given to a znode created after the snapshot's index.</summary>
    internal void OnAllocated(int slot) => TryMarkDone(slot);

    private bool TryMarkDone(int slot)
    {
        if (slot < _nextSlot || slot >= _end || IsDone(slot))
            return false;
        _doneEarly[slot / 64] |= 1UL << (slot % 64);
        return true;
    }

    private bool IsDone(int slot) => (_doneEarly[slot / 64] & (1UL << (slot % 64))) != 0;

    private int Emit(int slot, IBufferWriter<byte> output)
    {
        _contentHash += ContentHashing.OfSlot(_store, slot);
        _znodeCount++;
        return ZnodeCodec.Write(_store, slot, output);
    }

    private void WriteHeader(IBufferWriter<byte> chunk)
    {
        const int NumbersLength = (3 * sizeof(int)) + (3 * sizeof(long));
        var writer = Start(chunk, ChunkKind.Header, NumbersLength + _cluster.Membership.Length);
        writer.Write(SnapshotFormat.Version);
        writer.Write(Index);
        writer.Write((long)_rollingDigest);
        writer.Write(_cluster.MembershipIndex);
        writer.Write(_cluster.FeatureLevel);
        writer.Write(_cluster.Membership.Length);
        writer.Write(_cluster.Membership);
        chunk.Advance(writer.Length);
        Enter(ChunkKind.Acls);
    }

    private void WriteAcls(IBufferWriter<byte> chunk)
    {
        int written = WriteKind(chunk, ChunkKind.Acls);
        for (; _nextItem < _acls.Length && written < SnapshotFormat.ChunkBytes; _nextItem++)
        {
            if (_acls[_nextItem] is not { } encoded)
                continue;
            var writer = new LittleEndianWriter(chunk.GetSpan((2 * sizeof(int)) + encoded.Length));
            writer.Write(_nextItem);
            writer.Write(encoded.Length);
            writer.Write(encoded);
            chunk.Advance(writer.Length);
            written += writer.Length;
        }

        if (_nextItem == _acls.Length)
            Enter(ChunkKind.Origins);
    }

    private void WriteOrigins(IBufferWriter<byte> chunk)
    {
        int count = Math.Min(_origins.Length - _nextItem, SnapshotFormat.ChunkItems);
        var writer = Start(chunk, ChunkKind.Origins, count * (sizeof(int) + (2 * sizeof(long))));
        foreach (var (node, origin) in _origins.AsSpan(_nextItem, count))
        {
            writer.Write(node);
            writer.Write(origin.Start);
            writer.Write(origin.NextSequence);
        }

        chunk.Advance(writer.Length);
        _nextItem += count;
        if (_nextItem == _origins.Length)
            Enter(ChunkKind.Sessions);
    }

    private void WriteSessions(IBufferWriter<byte> chunk)
    {
        int written = WriteKind(chunk, ChunkKind.Sessions);
        for (int items = 0; _nextItem < _sessions.Length && items < SnapshotFormat.ChunkItems; items++)
        {
            if (written >= SnapshotFormat.ChunkBytes)
                return;
            ref readonly var session = ref _sessions[_nextItem++];
            written += SessionCodec.Write(session, chunk);
            _contentHash += session.ContentHash();
        }

        if (_nextItem == _sessions.Length)
            Enter(ChunkKind.Znodes);
    }

    private void WriteZnodes(IBufferWriter<byte> chunk, int maxZnodes)
    {
        if (_beforeImages.TryDequeue(out var kept))
            chunk.Write(kept.WrittenSpan);
        else
            WriteInSlotOrder(chunk, maxZnodes);

        // Behind the last slot nothing can be kept any more.
        if (_nextSlot < _end)
            return;
        if (_openBeforeImages != null)
            _beforeImages.Enqueue(_openBeforeImages);
        _openBeforeImages = null;
        if (_beforeImages.Count == 0)
            Enter(ChunkKind.End);
    }

    private void WriteInSlotOrder(IBufferWriter<byte> chunk, int maxZnodes)
    {
        int written = WriteKind(chunk, ChunkKind.Znodes);
        for (int emitted = 0; _nextSlot < _end && emitted < maxZnodes; _nextSlot++)
        {
            if (written >= SnapshotFormat.ChunkBytes)
                return;
            if (!_store.Znodes[_nextSlot].IsUsed || IsDone(_nextSlot))
                continue;
            written += Emit(_nextSlot, chunk);
            emitted++;
        }
    }

    private void WriteEnd(IBufferWriter<byte> chunk)
    {
        Invariant.Require(!IsComplete, "A snapshot ends once.");
        var writer = Start(chunk, ChunkKind.End, 2 * sizeof(long));
        writer.Write(_znodeCount);
        writer.Write((long)_contentHash);
        chunk.Advance(writer.Length);
        IsComplete = true;
        Dispose();
    }

    private void Enter(ChunkKind stage)
    {
        _stage = stage;
        _nextItem = 0;
    }

    private static ArrayBufferWriter<byte> Started(ArrayBufferWriter<byte> output)
    {
        WriteKind(output, ChunkKind.Znodes);
        return output;
    }

    private static int WriteKind(IBufferWriter<byte> chunk, ChunkKind kind)
    {
        chunk.GetSpan(1)[0] = (byte)kind;
        chunk.Advance(1);
        return 1;
    }

    private static LittleEndianWriter Start(IBufferWriter<byte> chunk, ChunkKind kind, int length)
    {
        var writer = new LittleEndianWriter(chunk.GetSpan(1 + length));
        writer.Write((byte)kind);
        return writer;
    }
}
