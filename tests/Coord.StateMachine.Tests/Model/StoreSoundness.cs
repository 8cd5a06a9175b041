namespace Coord.StateMachine.Tests;

/// <summary>What must hold in a store between any two entries, however it came to its state.</summary>
internal static class StoreSoundness
{
    private const int PageBytes = 1024 * 1024;
    private const int BlockBytesMax = 32 * 1024;

    public static void AssertSound(ZnodeTree tree)
    {
        var store = tree.Store;
        Assert.Equal(new RareFields { FirstChild = Znode.None }, store.Rare[0]);
        var slots = Enumerable.Range(0, store.Znodes.End).Where(slot => store.Znodes[slot].IsUsed).ToList();
        Assert.Equal(store.Znodes.Count, slots.Count);

        // Nobody's record is another's, and none is left of a znode that went.
        var records = slots.Select(slot => store.Znodes[slot].Rare).Where(record => record != 0).ToList();
        Assert.Equal(store.Rare.Count - 1, records.Distinct().Count());
        Assert.Equal(records.Count, records.Distinct().Count());
        Assert.Equal(slots.Count, slots.Select(slot => store.Znodes[slot].Block).Distinct().Count());
        long large = slots.Sum(slot => Large(store.Znodes[slot].BlockBytes));
        Assert.Equal(0, (store.Blocks.ReservedBytes - large) % PageBytes);
        AssertPlaces(tree, slots);
    }

    private static long Large(int length) => length > BlockBytesMax ? length : 0;

    private static void AssertPlaces(ZnodeTree tree, List<int> slots)
    {
        var store = tree.Store;
        foreach (var session in tree.SessionTable.All)
        {
            Assert.Equal(slots.Where(slot => store.RareOf(slot).Owner == session.Id), session.Ephemerals.Order());
            for (int place = 0; place < session.Ephemerals.Count; place++)
                Assert.Equal(place, store.RareOf(session.Ephemerals[place]).Place);
        }

        var sweepables = Enumerable.Range(0, store.Sweepables.Count).Select(place => store.Sweepables[place]).ToList();
        Assert.Equal(slots.Where(slot => store.RareOf(slot).IsSweepable), sweepables.Order());
        for (int place = 0; place < sweepables.Count; place++)
            Assert.Equal(place, store.RareOf(sweepables[place]).Place);
    }
}
