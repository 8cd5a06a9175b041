using System.Runtime.CompilerServices;

namespace Coord.StateMachine;

/// <summary>
/// Keeps in each znode how many znodes and how many bytes of data are below it, so that nobody walks a subtree to know
/// (design.md section 10). A change costs a step per component of its path. The sums follow from the rest of the
/// state: they are in no snapshot and no digest.
/// </summary>
internal static class SubtreeSums
{
    /// <summary>Adds to a znode and to all above it.</summary>
    public static void Add(ZnodeStore store, int slot, int count, long bytes)
    {
        while (slot != Znode.None)
        {
            ref var znode = ref store.Znodes[slot];
            ref var rare = ref store.Rare[znode.Rare];
            rare.Descendants += count;
            rare.DescendantBytes += bytes;
            slot = znode.Parent;
        }
    }

    /// <summary>Makes all sums of a tree whose znodes are linked to their parents and have no sums yet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Make(ZnodeStore store)
    {
        // Siblings mostly follow each other: a run of them goes up as one.
        int parent = Znode.None;
        int count = 0;
        long bytes = 0;
        for (int slot = 0; slot < store.Znodes.End; slot++)
        {
            ref var znode = ref store.Znodes[slot];
            if (!znode.IsUsed)
                continue;
            if (znode.Parent != parent)
            {
                Add(store, parent, count, bytes);
                (parent, count, bytes) = (znode.Parent, 0, 0);
            }

            count++;
            bytes += znode.DataBytes;
        }

        Add(store, parent, count, bytes);
    }
}
