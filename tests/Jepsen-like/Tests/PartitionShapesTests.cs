using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Tests;

/// <summary>Partitions look as their names say, for clusters of every size.</summary>
public sealed class PartitionShapesTests
{
    public static TheoryData<int> Sizes => [3, 4, 5, 6, 7, 8, 9, 11];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void In_a_ring_everyone_sees_a_majority_and_no_two_the_same_one(int count)
    {
        var all = Nodes(count);
        var hops = PartitionShapes.MajoritiesRing(all).ToHashSet();
        var views = all.Select(place => Seen(place, all, hops)).ToArray();
        Assert.All(views, view => Assert.True(view.Count >= PartitionShapes.Majority(count)));
        Assert.Equal(count <= 3 ? 1 : count, views.Distinct(HashSet<Place>.CreateSetComparer()).Count());
        Assert.All(hops, hop => Assert.Contains(new Hop(hop.To, hop.From), hops));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Only_the_bridge_sees_both_halves(int count)
    {
        var all = Nodes(count);
        var hops = PartitionShapes.Bridge(all).ToHashSet();
        Assert.Equal(count, Seen(all[0], all, hops).Count);
        var halves = all.Skip(1).Select(place => Seen(place, all, hops))
            .Distinct(HashSet<Place>.CreateSetComparer()).ToArray();
        Assert.Equal(2, halves.Length);
        Assert.Equal([all[0]], halves[0].Intersect(halves[1]));
        Assert.InRange(halves[0].Count - halves[1].Count, -1, 1);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void One_half_has_a_majority_and_the_other_none(int count)
    {
        var all = Nodes(count);
        var hops = PartitionShapes.Halves(all).ToHashSet();
        var first = Seen(all[0], all, hops);
        var last = Seen(all[^1], all, hops);
        Assert.Empty(first.Intersect(last));
        Assert.Equal(count, first.Count + last.Count);
        Assert.True(first.Count < PartitionShapes.Majority(count));
        Assert.Equal(PartitionShapes.Majority(count), last.Count);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Who_is_isolated_sees_nobody_and_the_others_see_each_other(int count)
    {
        var all = Nodes(count);
        var hops = PartitionShapes.Isolate(all).ToHashSet();
        Assert.Equal([all[0]], Seen(all[0], all, hops));
        Assert.All(all.Skip(1), place => Assert.Equal(all.Skip(1).ToHashSet(), Seen(place, all, hops)));
        Assert.All(all, place => Assert.Equal([place], Seen(place, all, [.. PartitionShapes.SeparateAll(all)])));
    }

    [Fact]
    public void One_way_leaves_the_way_back()
    {
        var all = Nodes(3);
        var hops = PartitionShapes.OneWay([all[0]], all).ToHashSet();
        Assert.Equal([new Hop(all[0], all[1]), new Hop(all[0], all[2])], hops);
    }

    private static Place[] Nodes(int count) => [.. Enumerable.Range(1, count).Select(Place.Node)];

    /// <summary>Whom a place hears, itself among them.</summary>
    private static HashSet<Place> Seen(Place place, Place[] all, HashSet<Hop> cut) =>
        [.. all.Where(other => other == place || !cut.Contains(new Hop(other, place)))];
}
