using Coord.Raft;
using Coord.Simulation.Mutants;
using Coord.StateMachine;

namespace Coord.Simulation.Tests;

/// <summary>The catalogue of planted bugs fits the sources, and nothing of it is in what is shipped.</summary>
public class MutantTests
{
    private static readonly PlantedEdit Expression = new("src/Coord.Raft/A.cs", "while ([[left < right]])", "true");
    private static readonly PlantedEdit Statement = new("src/Coord.Raft/A.cs", "Flush();", "");

    [Fact]
    public void At_least_thirty_bugs_are_planted_each_under_its_own_name()
    {
        Assert.True(Catalogue.All.Count >= 30);
        Assert.Equal(Catalogue.All.Count, Catalogue.All.Select(b => b.Name).Distinct().Count());
    }

    [Fact]
    public void Every_planted_bug_finds_its_text_exactly_once() =>
        Assert.Empty(SecondBuild.FindLost(Catalogue.All));

    // raft-design T11: guards are compiled only into a second build.
    [Fact]
    public void Shipped_assemblies_hold_no_guard()
    {
        var shipped = new[]
        {
            typeof(RaftCore).Assembly, typeof(ZnodeTree).Assembly, typeof(Coord.Protocol.ErrorCode).Assembly,
            typeof(Coord.Node.NodeLimits).Assembly,
        };
        var types = shipped.SelectMany(a => a.GetTypes());
        Assert.DoesNotContain(types, t => t.Name.Contains("Mutant", StringComparison.Ordinal));
        var projects = shipped.Select(a => a.GetName().Name);
        Assert.All(Catalogue.All.SelectMany(b => b.Edits), edit => Assert.Contains(edit.Project, projects));
    }

    [Fact]
    public void A_guard_keeps_the_right_code_beside_the_bug()
    {
        const string source = "while (left  <\n right) Flush();";
        var twin = Expression with { Replacement = "left > right" };
        var guarded = GuardedSource.Write(source, [(1, Expression), (2, Statement), (3, twin)]);
        Assert.Equal(
            "while ((global::Coord.Raft.Mutant.Is(1) ? (true) : global::Coord.Raft.Mutant.Is(3) ? (left > right) : "
            + "(left  <\n right))) if (global::Coord.Raft.Mutant.Is(2)) {  } else { Flush(); }",
            guarded);
    }

    [Fact]
    public void A_text_that_is_gone_or_not_unique_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => GuardedSource.Write("Fill();", [(1, Statement)]));
        Assert.Throws<InvalidOperationException>(() => GuardedSource.Write("Flush(); Flush();", [(1, Statement)]));
    }
}
