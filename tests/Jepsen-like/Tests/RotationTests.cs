using Coord.JepsenLike.Campaigns;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.JepsenLike.Tests;

/// <summary>A campaign must not go round some pairs and call it all of them.</summary>
public sealed class RotationTests
{
    [Fact]
    public void One_round_covers_every_pair_exactly_once_in_as_few_runs_as_there_can_be()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(Shapes, shape =>
        {
            var (workloads, nemeses, together, seed) = shape;
            var rotation = Of(workloads, nemeses, together, seed);
            var round = rotation.Runs().Take(rotation.RunsOfARound).ToList();
            var pairs = round.SelectMany(run => run.Workloads.Select(name => (name, run.Nemesis))).ToList();
            return rotation.RunsOfARound == nemeses * ((workloads + together - 1) / together)
                && pairs.Count == rotation.Pairs && pairs.Distinct().Count() == rotation.Pairs
                && round.TrueForAll(run => run.Workloads.Count <= together);
        }));
    }

    [Fact]
    public void The_first_runs_differ_in_both_their_workloads_and_their_faults()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(Shapes, shape =>
        {
            var (workloads, nemeses, together, seed) = shape;
            var rotation = Of(workloads, nemeses, together, seed);
            var groups = rotation.RunsOfARound / nemeses;
            var first = rotation.Runs().Take(Math.Min(groups, nemeses)).ToList();
            return first.Select(run => run.Nemesis).Distinct().Count() == first.Count
                && first.Select(run => run.Workloads[0]).Distinct().Count() == first.Count;
        }));
    }

    [Fact]
    public void Another_seed_selects_others_and_the_same_seed_the_same()
    {
        static string First(int seed) =>
            string.Join('\n', Of(9, 6, 3, seed).Runs().Take(4).Select(run =>
                $"{string.Join(',', run.Workloads)} {run.Nemesis} {run.Seed}"));

        Assert.Equal(First(7), First(7));
        Assert.Equal(20, Enumerable.Range(0, 20).Select(First).Distinct().Count());
    }

    [Fact]
    public void Families_work_together_where_the_column_says_so_and_nowhere_else()
    {
        NemesisChoice[] nemeses = [.. new[] { "none", "kill", "kill+pause", "combined" }.Select(NemesisChoice.Parse)];
        var rotation = new Rotation(["register"], nemeses, ["kill", "pause", "links", "disk"], together: 4, seed: 3);
        var runs = rotation.Runs().Take(200).ToLookup(run => run.Nemesis, run => run.Families);
        Assert.All(runs["none"], Assert.Empty);
        Assert.All(runs["kill"], families => Assert.Equal(["kill"], families));
        Assert.All(runs["kill+pause"], families => Assert.Equal(["kill", "pause"], families));
        Assert.All(runs["combined"], families => Assert.InRange(families.Distinct().Count(), 2, 3));
        Assert.True(runs["combined"].Select(families => string.Join('+', families.Order())).Distinct().Count() > 5);
    }

    private static Arbitrary<(int Workloads, int Nemeses, int Together, int Seed)> Shapes { get; } = Arb.From(
        from workloads in Gen.Choose(1, 25)
        from nemeses in Gen.Choose(1, 15)
        from together in Gen.Choose(1, 8)
        from seed in Gen.Choose(0, int.MaxValue - 1)
        select (workloads, nemeses, together, seed));

    private static Rotation Of(int workloads, int nemeses, int together, int seed) => new(
        [.. Enumerable.Range(0, workloads).Select(number => $"workload-{number}")],
        [.. Enumerable.Range(0, nemeses).Select(number => NemesisChoice.Parse($"nemesis-{number}"))],
        ["kill", "pause", "links"], together, seed);
}
