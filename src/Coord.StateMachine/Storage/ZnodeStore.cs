namespace Coord.StateMachine;

/// <summary>
/// The znodes, found by path, each linked to its parent, siblings and session. Changes only how things hang together:
/// what a request does to Stats and counters is <see cref="TreeWriter"/>'s.
/// </summary>
internal sealed class ZnodeStore(SessionTable sessions, ulong indexSeed)
{
    private readonly HashDirectory _paths = new();

    public SlotTable<Znode> Znodes { get; } = new();

    /// <summary>The znodes that the leader's sweep looks at.</summary>
    public Sweepables Sweepables { get; } = new();

    public BlockStore Blocks { get; } = new();

    public AclTable Acls { get; } = new(indexSeed);

    public QuotaTable Quotas { get; } = new(indexSeed);

    /// <summary>Paths and data, in bytes.</summary>
    public long ContentBytes { get; private set; }

    public int EphemeralCount { get; private set; }

    private SiblingLinks Siblings => new(Znodes);

    /// <summary>The slot of the znode at exactly these bytes, or <see cref="Znode.None"/>.</summary>
    public int Find(ReadOnlySpan<byte> path) => Find(path, HashOf(path));

    /// <summary>The same, by a path whose <see cref="HashOf"/> is known.</summary>
    public int Find(ReadOnlySpan<byte> path, uint hash)
    {
        var search = _paths.Find(hash);
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
        return Blocks.At(znode.PathBlock, znode.PathLength);
    }

    /// <summary>The data; empty for null.</summary>
    public ReadOnlySpan<byte> DataOf(int slot)
    {
        ref var znode = ref Znodes[slot];
        return Blocks.At(znode.DataBlock, znode.DataBytes);
    }

    /// <summary>The last component of a znode's path.</summary>
    public ReadOnlySpan<byte> NameOf(int slot)
    {
        ref var znode = ref Znodes[slot];
        return Blocks.At(znode.PathBlock, znode.PathLength)[^NameLength(znode)..];
    }

    /// <summary>
    /// A znode with the given content, not yet attached. The fields not passed are 0, the ACL's hold is taken over.
    /// </summary>
    public int Add(int parent, ReadOnlySpan<byte> path, ReadOnlySpan<byte> data, bool isNull, int acl)
    {
        int slot = Znodes.Allocate();
        uint pathBlock = Blocks.Allocate(path.Length);
        path.CopyTo(Blocks.At(pathBlock, path.Length));
        uint dataBlock = Blocks.Allocate(data.Length);
        data.CopyTo(Blocks.At(dataBlock, data.Length));
        Znodes[slot] = new Znode
        {
            PathBlock = pathBlock,
            PathLength = path.Length,
            DataBlock = dataBlock,
            DataLength = isNull ? -1 : data.Length,
            Acl = acl,
            Parent = parent,
            FirstChild = Znode.None,
        };
        return slot;
    }

    /// <summary>Makes a znode findable, by path, from its parent and from its session.</summary>
    public void Attach(int slot)
    {
        AttachPath(slot, HashOf(PathOf(slot)));
        ref var znode = ref Znodes[slot];
        if (znode.Parent != Znode.None)
            LinkToParent(slot);
        SubtreeSums.Add(Znodes, znode.Parent, 1, znode.DataBytes);
        if (znode.IsEphemeral)
            LinkToSession(slot);
    }

    /// <summary>
    /// The part of <see cref="Attach"/> that needs neither parent nor session; the sums of those above it are left to
    /// <see cref="SubtreeSums.Make"/>.
    /// </summary>
    public void AttachPath(int slot, uint hash)
    {
        ref var znode = ref Znodes[slot];
        _paths.Add(hash, slot);
        ContentBytes += znode.PathLength + znode.DataBytes;
        if (znode.IsSweepable)
            Sweepables.Add(slot);
        Quotas.Note(PathOf(slot), DataOf(slot));
    }

    /// <summary>The opposite of <see cref="Attach"/>; the znode keeps its content.</summary>
    public void Detach(int slot)
    {
        ref var znode = ref Znodes[slot];
        if (znode.IsEphemeral)
            UnlinkFromSession(slot);
        if (znode.IsSweepable)
            Sweepables.Remove(slot);
        Quotas.Forget(PathOf(slot));
        UnlinkFromParent(slot);
        SubtreeSums.Add(Znodes, znode.Parent, -1, -znode.DataBytes);
        ContentBytes -= znode.PathLength + znode.DataBytes;
        _paths.Remove(HashOf(PathOf(slot)), slot);
    }

    /// <summary>Gives back what a detached znode holds.</summary>
    public void Release(int slot)
    {
        ref var znode = ref Znodes[slot];
        Blocks.Free(znode.PathBlock, znode.PathLength);
        Blocks.Free(znode.DataBlock, znode.DataBytes);
        Acls.Release(znode.Acl);
        Znodes.Free(slot);
    }

    /// <summary>Replaces the data, in its old block where it fits.</summary>
    public void OverwriteData(int slot, ReadOnlySpan<byte> data, bool isNull)
    {
        ref var znode = ref Znodes[slot];
        int oldBytes = znode.DataBytes;
        if (!BlockStore.FitSameBlock(oldBytes, data.Length))
        {
            Blocks.Free(znode.DataBlock, oldBytes);
            znode.DataBlock = Blocks.Allocate(data.Length);
        }

        data.CopyTo(Blocks.At(znode.DataBlock, data.Length));
        znode.DataLength = isNull ? -1 : data.Length;
        DataChanged(slot, data.Length - oldBytes);
    }

    /// <summary>Puts another block in the place of the data's; the old one stays allocated.</summary>
    public void ExchangeData(int slot, uint block, int dataLength)
    {
        ref var znode = ref Znodes[slot];
        int oldBytes = znode.DataBytes;
        znode.DataBlock = block;
        znode.DataLength = dataLength;
        DataChanged(slot, znode.DataBytes - oldBytes);
    }

    /// <summary>Makes a znode the last child of its parent.</summary>
    public void LinkToParent(int slot)
    {
        ref var znode = ref Znodes[slot];
        ref var parent = ref Znodes[znode.Parent];
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
        ref var znode = ref Znodes[slot];
        return (znode.Descendants + 1L, znode.DescendantBytes + znode.DataBytes);
    }

    private void DataChanged(int slot, int moreBytes)
    {
        Quotas.Note(PathOf(slot), DataOf(slot));
        if (moreBytes == 0)
            return;
        ContentBytes += moreBytes;
        SubtreeSums.Add(Znodes, Znodes[slot].Parent, 0, moreBytes);
    }

    private void UnlinkFromParent(int slot)
    {
        ref var znode = ref Znodes[slot];
        ref var parent = ref Znodes[znode.Parent];
        Ring.Remove(ref parent.FirstChild, slot, Siblings);
        parent.NumChildren--;
        parent.ChildNameBytes -= (uint)NameLength(znode);
    }

    /// <summary>Gives an ephemeral its place with its session.</summary>
    public void LinkToSession(int slot)
    {
        ref var znode = ref Znodes[slot];
        var ephemerals = sessions.Get(znode.Owner).Ephemerals;
        znode.PlaceInSession = ephemerals.Count;
        ephemerals.Add(slot);
        EphemeralCount++;
    }

    private void UnlinkFromSession(int slot)
    {
        ref var znode = ref Znodes[slot];
        var ephemerals = sessions.Get(znode.Owner).Ephemerals;
        int last = ephemerals[^1];
        ephemerals[znode.PlaceInSession] = last;
        Znodes[last].PlaceInSession = znode.PlaceInSession;
        ephemerals.RemoveAt(ephemerals.Count - 1);
        EphemeralCount--;
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
    public uint HashOf(ReadOnlySpan<byte> path) => (uint)FastHash.Bytes(path, indexSeed);

    // The links between the children of one znode.
    private readonly struct SiblingLinks(SlotTable<Znode> znodes) : ILinks
    {
        public ref Link At(int slot) => ref znodes[slot].Siblings;
    }
}
