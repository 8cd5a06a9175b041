using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.JepsenLike.Tests;

/// <summary>The search must agree with the definition of linearizability (raft-design T21).</summary>
public sealed class SearchTests
{
    private const string Key = "/jepsen/register-0";

    // A search that prunes too much accuses correct servers; one that prunes too little acquits wrong ones.
    [Fact]
    public void The_search_agrees_with_brute_force_on_tiny_histories()
    {
        var wrong = 0;
        var right = 0;
        var property = Prop.ForAll<int>(seed =>
        {
            var history = RandomHistory.Correct(seed, operations: 7, processes: 4, unknownPercent: 25);
            if (seed % 3 != 0)
                history = RandomHistory.Disturb(history, seed);

            var expected = BruteForce.IsLinearizable([.. history.Where(o => o.Kind != OperationKind.LocalRead)]);
            if (expected)
                right++;
            else
                wrong++;
            return Search(history) == expected
                ? true.ToProperty()
                : false.Label($"seed {seed}, brute force says {expected}:\n{string.Join('\n', history)}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(4000).WithEndSize(1_000_000), property);
        Assert.True(right > 500 && wrong > 500, $"{right} linearizable and {wrong} other histories are too one-sided");
    }

    [Fact]
    public void A_correct_history_passes_every_validator()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var report = HistoryChecker.Check(RandomHistory.Correct(seed, operations: 600, processes: 8));
            Assert.True(report.Verdict == "ok", $"seed {seed}: {string.Concat(report.Findings.Take(3))}");
        }
    }

    [Fact]
    public void A_long_history_with_a_call_open_for_half_of_it_is_searched_in_time()
    {
        var history = RandomHistory.Correct(seed: 11, operations: 40_000, processes: 8);
        var middle = history.FindIndex(history.Count / 4, o => o.Kind == OperationKind.Read && o.IsKnown);
        history[middle] = history[middle] with { Completed = history[history.Count * 3 / 4].Invoked };

        var result = LinearizabilitySearch.Run(Resolve(history), stepsMax: 1_000_000);

        Assert.Equal(SearchVerdict.Linearizable, result.Verdict);
    }

    [Fact]
    public void A_search_that_meets_its_limit_says_undecided()
    {
        var history = RandomHistory.Correct(seed: 3, operations: 500, processes: 4);
        Assert.Equal(SearchVerdict.Undecided, LinearizabilitySearch.Run(history, stepsMax: 100).Verdict);
    }

    [Fact]
    public void An_unknown_write_may_have_happened()
    {
        Assert.True(Search([Set(1, 0, Operation.Never, version: 0), Read(10, 11, tag: 1, version: 1)]));
    }

    [Fact]
    public void An_unknown_write_may_never_happen()
    {
        Assert.True(Search([Set(1, 0, Operation.Never, version: 0), Read(10, 11, tag: 0, version: 0)]));
    }

    [Fact]
    public void An_unknown_write_does_not_happen_twice()
    {
        Assert.False(Search(
        [
            Set(1, 0, Operation.Never, version: 0), Read(10, 11, tag: 1, version: 1),
            Set(2, 12, 13, version: 2), Read(14, 15, tag: 1, version: 3),
        ]));
    }

    [Fact]
    public void A_read_that_begins_after_a_write_ended_sees_it()
    {
        Assert.False(Search([Set(1, 0, 5, version: 1), Read(6, 7, tag: 0, version: 0)]));
    }

    // Ties: calls come before returns, so operations that only touch count as concurrent.
    [Fact]
    public void A_read_that_begins_when_a_write_ends_may_miss_it()
    {
        Assert.True(Search([Set(1, 0, 5, version: 1), Read(5, 7, tag: 0, version: 0)]));
    }

    [Fact]
    public void Two_reads_may_not_see_a_concurrent_write_come_and_go()
    {
        Assert.False(Search(
        [
            Set(1, 0, 100, version: 1), Read(10, 20, tag: 1, version: 1), Read(30, 40, tag: 0, version: 0),
        ]));
    }

    private static bool Search(List<Operation> history)
    {
        var findings = new List<Finding>();
        var resolved = Observations.Resolve([.. history.Where(o => o.Kind != OperationKind.LocalRead)], findings);
        return findings.Count == 0 &&
            LinearizabilitySearch.Run(resolved, stepsMax: 1_000_000).Verdict == SearchVerdict.Linearizable;
    }

    private static List<Operation> Resolve(List<Operation> history)
    {
        var findings = new List<Finding>();
        var resolved = Observations.Resolve(history, findings);
        Assert.Empty(findings);
        return resolved;
    }

    private static Operation Set(long tag, long invoked, long completed, int version) => new()
    {
        Process = (int)tag, Key = Key, Kind = OperationKind.Set, Tag = tag, Invoked = invoked, Completed = completed,
        Version = version, Zxid = version, ModifiedZxid = version,
    };

    private static Operation Read(long invoked, long completed, long tag, int version) => new()
    {
        Process = 100, Key = Key, Kind = OperationKind.Read, Tag = tag, Invoked = invoked, Completed = completed,
        Version = version, Zxid = version, ModifiedZxid = version,
    };
}
