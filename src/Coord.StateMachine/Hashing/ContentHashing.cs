using System.Runtime.CompilerServices;

namespace Coord.StateMachine;

/// <summary>
/// The hashes of single items whose sum is the content hash: their order does not matter, so a snapshot may emit them
/// as it likes.
/// </summary>
internal static class ContentHashing
{
    /// <summary>How far the log was applied, and to what effect.</summary>
    public static ulong OfProgress(long appliedIndex, ulong rollingDigest)
    {
        var digest = new Digest(seed: 0x1D8);
        digest.Add(appliedIndex);
        digest.Add((long)rollingDigest);
        return digest.Value;
    }

    /// <summary>A znode with its path, data and ACL.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ulong OfZnode(
        in Znode znode, in RareFields rare, ReadOnlySpan<byte> path, ReadOnlySpan<byte> data, ulong aclHash)
    {
        var digest = new Digest(seed: 0x20DE);
        digest.Add(path);
        digest.Add(znode.DataLength);
        digest.Add(data);
        digest.Add(znode.Czxid);
        digest.Add(znode.Mzxid);
        digest.Add(rare.Pzxid);
        digest.Add(znode.Ctime);
        digest.Add(znode.Mtime);
        digest.Add((long)znode.Version << 32 | (uint)rare.Aversion);
        digest.Add(rare.Owner);
        digest.Add(rare.ChildrenCreated);
        digest.Add(rare.NumChildren);
        digest.Add((long)aclHash);
        return digest.Value;
    }

    /// <summary>The sum over all znodes of a store.</summary>
    public static ulong OfZnodes(ZnodeStore store)
    {
        ulong sum = 0;
        for (int slot = 0; slot < store.Znodes.End; slot++)
        {
            if (store.Znodes[slot].IsUsed)
                sum += OfSlot(store, slot);
        }

        return sum;
    }

    /// <summary>The znode in a slot.</summary>
    public static ulong OfSlot(ZnodeStore store, int slot)
    {
        var rare = store.WholeRareOf(slot);
        return OfZnode(store.Znodes[slot], rare, store.PathOf(slot), store.DataOf(slot), store.Acls.Hash(rare.Acl));
    }
}
