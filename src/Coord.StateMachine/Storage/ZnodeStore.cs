using System.Runtime.CompilerServices;
using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// The znodes, found by path, each linked to its parent, siblings and session. Changes only how things hang together:
/// what a request does to Stats and counters is <see cref="TreeWriter"/>'s.
/// </summary>
internal sealed class ZnodeStore
{
    private readonly HashDirectory _paths = new();
    private readonly SessionTable _sessions;
    private readonly ulong _indexSeed;

    /// <param name="sessions">Whose ephemerals are found here too.</param>
    /// <param name="indexSeed">Any number that clients do not know.</param>
    public ZnodeStore(SessionTable sessions, ulong indexSeed)
    {
        _sessions = sessions;
        _indexSeed = indexSeed;
        Acls = new AclTable(indexSeed);
        Quotas = new QuotaTable(indexSeed);
        Rare[Rare.Allocate()].FirstChild = Znode.None;
    }

    public SlotTable<Znode> Znodes { get; } = new();

    /// <summary>The records that znodes refer to; the first is that of all that have none of their own.</summary>
    public SlotTable<RareFields> Rare { get; } = new();

    /// <summary>
    /// The znodes that the leader's sweep looks at, so that it needs not walk the tree. They can be looked at a few at
    /// a time: one that is added is last, and the last takes the place of one that is removed.
    /// </summary>
    public SlotList Sweepables { get; } = new();

    public BlockStore Blocks { get; } = new();

    public AclTable Acls { get; }

    public QuotaTable Quotas { get; }

    /// <summary>Paths and data, in bytes.</summary>
    public long ContentBytes { get; private set; }

    public int EphemeralCount { get; private set; }

    private SiblingLinks Siblings => new(Znodes);

    /// <summary>The slot of the znode at exactly these bytes, or <see cref="Znode.None"/>.</summary>
    public int Find(ReadOnlySpan<byte> path) => Find(path, HashOf(path));

    /// <summary>The same, by a path whose <see cref="HashOf"/> is known.</summary>
    public int Find(ReadOnlySpan<byte> path, uint hash) => Find(path, hash, _paths);

    /// <summary>The same, among some znodes only.</summary>
    public int Find(ReadOnlySpan<byte> path, uint hash, HashDirectory among)
    {
        var search = among.Find(hash);
        while (search.TryNext(out int slot))
        {
            if (PathOf(slot).SequenceEqual(path))
                return slot;
        }

        return Znode.None;
    }

    public ReadOnlySpan<byte> PathOf(int slot)
    {
        ref var znode = ref Znodes[slot];
        return Blocks.At(znode.Block, znode.PathLength);
    }

    /// <summary>The data; empty for null.</summary>
    public ReadOnlySpan<byte> DataOf(int slot)
    {
        ref var znode = ref Znodes[slot];
        return Blocks.At(znode.Block, znode.BlockBytes)[znode.PathLength..];
    }

    /// <summary>The last component of a znode's path.</summary>
    public ReadOnlySpan<byte> NameOf(int slot)
    {
        ref var znode = ref Znodes[slot];
        return Blocks.At(znode.Block, znode.PathLength)[^NameLength(znode)..];
    }

    /// <summary>What is rare in a znode, for who does not look at the pzxid.</summary>
    public ref readonly RareFields RareOf(int slot) => ref Rare[Znodes[slot].Rare];

    /// <summary>All that is rare in a znode.</summary>
    public RareFields WholeRareOf(int slot)
    {
        ref var znode = ref Znodes[slot];
        var rare = Rare[znode.Rare];
        if (znode.Rare == 0)
            rare.Pzxid = znode.Czxid;
        return rare;
    }

    /// <summary>The same to be written: from now on the znode, whose czxid is set, has a record of its own.</summary>
    public ref RareFields OwnRare(int slot)
    {
        ref var znode = ref Znodes[slot];
        if (znode.Rare == 0)
        {
            var rare = WholeRareOf(slot);
            znode.Rare = Rare.Allocate();
            Rare[znode.Rare] = rare;
        }

        return ref Rare[znode.Rare];
    }

    public int AclOf(int slot) => RareOf(slot).Acl;

    public Stat StatOf(int slot) => WholeRareOf(slot).ToStat(Znodes[slot]);

    /// <summary>Whether a sweep deletes the znode, as <see cref="RareFields.IsDue"/> says.</summary>
    public bool IsDue(int slot, long timeMs, long neverUsedMs) =>
        RareOf(slot).IsDue(Znodes[slot].Mtime, timeMs, neverUsedMs);

    /// <summary>A znode with the given content, not yet attached. The fields not passed are 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Add(int parent, ReadOnlySpan<byte> path, ReadOnlySpan<byte> data, bool isNull)
    {
        int slot = Znodes.Allocate();
        Znodes[slot] = new Znode
        {
            Block = NewBlock(path, data),
            PathLength = path.Length,
            DataLength = isNull ? -1 : data.Length,
            Parent = parent,
        };
        return slot;
    }

    /// <summary>A block with a path and the data behind it.</summary>
    public uint NewBlock(ReadOnlySpan<byte> path, ReadOnlySpan<byte> data)
    {
        uint block = Blocks.Allocate(path.Length + data.Length);
        var bytes = Blocks.At(block, path.Length + data.Length);
        path.CopyTo(bytes);
        data.CopyTo(bytes[path.Length..]);
        return block;
    }

    /// <summary>Makes a znode findable, by path, from its parent and from its session.</summary>
    public void Attach(int slot)
    {
        ref var znode = ref Znodes[slot];
        _paths.Add(HashOf(PathOf(slot)), slot);
        Count(slot);
        if (znode.Parent != Znode.None)
            LinkToParent(slot);
        SubtreeSums.Add(this, znode.Parent, 1, znode.DataBytes);
        if (RareOf(slot).IsEphemeral)
            LinkToSession(slot);
    }

    /// <summary>
    /// Makes all znodes findable by path, when none is yet: of a million, in the order of the index and not in their
    /// own, in which each would wait for memory. False when one has the path of another.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public bool TryIndex(ReadOnlySpan<PathPlace> places)
    {
        _paths.Reserve(places.Length);
        foreach (var (hash, slot) in HashDirectory.Ordered(places))
        {
            if (_paths.Add(hash, slot) && IsTwice(slot, hash))
                return false;
        }

        return true;
    }

    private bool IsTwice(int slot, uint hash)
    {
        var path = PathOf(slot);
        var search = _paths.Find(hash);
        while (search.TryNext(out int other))
        {
            if (other != slot && PathOf(other).SequenceEqual(path))
                return true;
        }

        return false;
    }

    /// <summary>Takes a znode's content into account.</summary>
    public void Count(int slot)
    {
        ref var znode = ref Znodes[slot];
        ContentBytes += znode.PathLength + znode.DataBytes;
        if (RareOf(slot).IsSweepable)
            LinkToSweep(slot);
        Quotas.Note(PathOf(slot), DataOf(slot));
    }

    /// <summary>The opposite of <see cref="Attach"/>; the znode keeps its content.</summary>
    public void Detach(int slot)
    {
        ref var znode = ref Znodes[slot];
        if (RareOf(slot).IsEphemeral)
            UnlinkFromSession(slot);
        if (RareOf(slot).IsSweepable)
            UnlinkFromSweep(slot);
        Quotas.Forget(PathOf(slot));
        UnlinkFromParent(slot);
        SubtreeSums.Add(this, znode.Parent, -1, -znode.DataBytes);
        ContentBytes -= znode.PathLength + znode.DataBytes;
        _paths.Remove(HashOf(PathOf(slot)), slot);
    }

    /// <summary>Gives back what a detached znode holds.</summary>
    public void Release(int slot)
    {
        ref var znode = ref Znodes[slot];
        Blocks.Free(znode.Block, znode.BlockBytes);
        if (znode.Rare != 0)
        {
            Acls.Release(Rare[znode.Rare].Acl);
            Rare.Free(znode.Rare);
        }

        Znodes.Free(slot);
    }

    /// <summary>Replaces the data, in its old block where it fits.</summary>
    public void OverwriteData(int slot, ReadOnlySpan<byte> data, bool isNull)
    {
        ref var znode = ref Znodes[slot];
        int oldBytes = znode.DataBytes;
        int newLength = znode.PathLength + data.Length;
        if (BlockStore.FitSameBlock(znode.BlockBytes, newLength))
        {
            data.CopyTo(Blocks.At(znode.Block, newLength)[znode.PathLength..]);
        }
        else
        {
            uint block = NewBlock(PathOf(slot), data);
            Blocks.Free(znode.Block, znode.BlockBytes);
            znode.Block = block;
        }

        znode.DataLength = isNull ? -1 : data.Length;
        DataChanged(slot, data.Length - oldBytes);
    }

    /// <summary>
    /// Puts another block, with the same path, in the place of a znode's; the old one stays allocated.
    /// </summary>
    public void ExchangeData(int slot, uint block, int dataLength)
    {
        ref var znode = ref Znodes[slot];
        int oldBytes = znode.DataBytes;
        znode.Block = block;
        znode.DataLength = dataLength;
        DataChanged(slot, znode.DataBytes - oldBytes);
    }

    /// <summary>Makes a znode the last child of its parent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void LinkToParent(int slot)
    {
        ref var znode = ref Znodes[slot];
        ref var parent = ref OwnRare(znode.Parent);
        Ring.Append(ref parent.FirstChild, slot, Siblings);
        parent.NumChildren++;
        parent.ChildNameBytes += (uint)NameLength(znode);
    }

    /// <summary>Znodes and data bytes of a path and all below it; none where there is no znode.</summary>
    public (long Count, long Bytes) UseOf(ReadOnlySpan<byte> path)
    {
        int slot = Find(path);
        if (slot == Znode.None)
            return (0, 0);
        ref readonly var rare = ref RareOf(slot);
        return (rare.Descendants + 1L, rare.DescendantBytes + Znodes[slot].DataBytes);
    }

    private void DataChanged(int slot, int moreBytes)
    {
        Quotas.Note(PathOf(slot), DataOf(slot));
        if (moreBytes == 0)
            return;
        ContentBytes += moreBytes;
        SubtreeSums.Add(this, Znodes[slot].Parent, 0, moreBytes);
    }

    private void UnlinkFromParent(int slot)
    {
        ref var znode = ref Znodes[slot];
        ref var parent = ref Rare[Znodes[znode.Parent].Rare];
        Ring.Remove(ref parent.FirstChild, slot, Siblings);
        parent.NumChildren--;
        parent.ChildNameBytes -= (uint)NameLength(znode);
    }

    /// <summary>Gives an ephemeral its place with its session.</summary>
    public void LinkToSession(int slot)
    {
        ref var rare = ref Rare[Znodes[slot].Rare];
        var ephemerals = _sessions.Get(rare.Owner).Ephemerals;
        rare.Place = ephemerals.Count;
        ephemerals.Add(slot);
        EphemeralCount++;
    }

    private void UnlinkFromSession(int slot)
    {
        int place = RareOf(slot).Place;
        var ephemerals = _sessions.Get(RareOf(slot).Owner).Ephemerals;
        int last = ephemerals[^1];
        ephemerals[place] = last;
        Rare[Znodes[last].Rare].Place = place;
        ephemerals.RemoveAt(ephemerals.Count - 1);
        EphemeralCount--;
    }

    private void LinkToSweep(int slot)
    {
        Rare[Znodes[slot].Rare].Place = Sweepables.Count;
        Sweepables.Add(slot);
    }

    private void UnlinkFromSweep(int slot)
    {
        int place = RareOf(slot).Place;
        int last = Sweepables.RemoveLast();
        if (last == slot)
            return;
        Sweepables[place] = last;
        Rare[Znodes[last].Rare].Place = place;
    }

    // "/a/b" below "/a": 1. Directly below the root, whose path is the only one that ends in '/', too.
    private int NameLength(in Znode znode)
    {
        if (znode.Parent == Znode.None)
            return 0;
        int parentLength = Znodes[znode.Parent].PathLength;
        return znode.PathLength - (parentLength == 1 ? 1 : parentLength + 1);
    }

    /// <summary>Where the index looks for a path.</summary>
    public uint HashOf(ReadOnlySpan<byte> path) => (uint)FastHash.Bytes(path, _indexSeed);

    // The links between the children of one znode.
    private readonly struct SiblingLinks(SlotTable<Znode> znodes) : ILinks
    {
        public ref Link At(int slot) => ref znodes[slot].Siblings;
    }
}
