using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>Which faults happen together.</summary>
public sealed class FaultDrawTests
{
    private const int Rounds = 500;

    private static readonly Fault[] Faults =
    [
        Of("kill", "kill-one") with { Weight = 5 }, Of("kill", "kill-all"), Of("pause", "pause-one"),
        Of("members", "remove") with { TakesCopyAway = true }, Of("disk", "lose") with { TakesCopyAway = true },
    ];

    [Fact]
    public void Faults_that_overlap_are_of_different_families()
    {
        var rounds = Draw(atOnce: 3);
        Assert.All(rounds, round => Assert.Equal(3, round.Select(fault => fault.Nemesis).Distinct().Count()));
    }

    [Fact]
    public void Never_do_two_faults_take_a_copy_away_together()
    {
        var rounds = Draw(atOnce: 3);
        Assert.All(rounds, round => Assert.Single(round, fault => fault.TakesCopyAway));
    }

    [Fact]
    public void A_round_has_fewer_faults_where_no_more_go_together()
    {
        var rounds = Draw(atOnce: 4);
        Assert.All(rounds, round => Assert.Equal(3, round.Count));
    }

    [Fact]
    public void Every_pair_of_families_that_go_together_is_drawn()
    {
        var pairs = Draw(atOnce: 2).Select(round => string.Join('+', round.Select(f => f.Nemesis).Order())).Distinct();
        Assert.Equal(["disk+kill", "disk+pause", "kill+members", "kill+pause", "members+pause"], pairs.Order());
    }

    [Fact]
    public void One_seed_draws_the_same_rounds_again() => Assert.Equal(Draw(atOnce: 2), Draw(atOnce: 2));

    private static List<IReadOnlyList<Fault>> Draw(int atOnce)
    {
        var random = new Random(7);
        var draw = new FaultDraw(Faults, atOnce);
        return [.. Enumerable.Range(0, Rounds).Select(_ => draw.Next(random))];
    }

    private static Fault Of(string nemesis, string name) => new(nemesis, name, (_, _) => Task.CompletedTask);
}
