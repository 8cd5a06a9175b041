using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Networks;

namespace Coord.JepsenLike.Tests;

/// <summary>What cannot be done on a machine is said, never silently left out.</summary>
public sealed class FaultChoiceTests
{
    private const string Reason = "this process is not root's";

    private static readonly NetworkChoice Loopback = new(IsNamespaces: false, Reason);
    private static readonly NetworkChoice Namespaces = new(IsNamespaces: true, "");

    [Fact]
    public void A_partition_is_left_out_on_loopback_and_the_note_says_why()
    {
        var choice = FaultChoice.Of(["kill", "partition"], nodes: 5, Loopback.Lacking);
        Assert.All(choice.Faults, fault => Assert.Equal("kill", fault.Nemesis));
        Assert.Equal(ClusterNeeds.None, choice.Needs);
        var note = Assert.Single(choice.Notes);
        Assert.StartsWith("partition cannot be done", note, StringComparison.Ordinal);
        Assert.EndsWith(Reason, note, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_but_partitions_on_loopback_is_an_error()
    {
        var error = Assert.Throws<UnavailableException>(
            () => FaultChoice.Of(["partition", "loss"], nodes: 3, Loopback.Lacking));
        Assert.Contains("partition cannot", error.Message, StringComparison.Ordinal);
        Assert.Contains("loss cannot", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Proxies_slow_the_network_on_loopback_too()
    {
        var choice = FaultChoice.Of(["slow"], nodes: 3, Loopback.Lacking);
        Assert.Empty(choice.Notes);
        Assert.Equal(ClusterNeeds.Proxies | ClusterNeeds.ClientProxies, choice.Needs);
    }

    [Fact]
    public void A_ring_takes_more_than_three_nodes()
    {
        static bool HasRing(FaultChoice choice) => choice.Faults.Any(fault => fault.Name == "part-ring");
        Assert.False(HasRing(FaultChoice.Of(["partition"], nodes: 3, Namespaces.Lacking)));
        Assert.True(HasRing(FaultChoice.Of(["partition"], nodes: 5, Namespaces.Lacking)));
        Assert.Throws<UnavailableException>(() => FaultChoice.Of(["partition"], nodes: 1, Namespaces.Lacking));
    }

    [Fact]
    public void No_nemesis_at_all_is_a_choice_too() =>
        Assert.Empty(FaultChoice.Of([], nodes: 3, Loopback.Lacking).Faults);
}
