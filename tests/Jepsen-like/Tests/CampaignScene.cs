using Coord.JepsenLike.Campaigns;
using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Runs;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Tests;

/// <summary>Runs that never were: what a campaign and its pages make of them.</summary>
internal static class CampaignScene
{
    public const long Second = 1_000_000_000;

    /// <summary>A set of its own znode at this second; it takes 2 ms, or nobody knows.</summary>
    public static Operation Set(double second, bool isKnown = true) => new()
    {
        Process = 1, Kind = OperationKind.Set, Key = "/jepsen/register/register-0", Invoked = (long)(second * Second),
        Completed = isKnown ? (long)(second * Second) + 2_000_000 : Operation.Never,
    };

    /// <summary>Sets at an even pace, from 0 to the second given.</summary>
    public static IEnumerable<Operation> Sets(int perSecond, double seconds) =>
        Enumerable.Range(0, (int)(perSecond * seconds)).Select(number => Set((double)number / perSecond));

    public static FaultRecord Kill(double began, double healed, double served) => new(
        FaultCatalog.All.First(fault => fault.Name == "kill-leader"), 2,
        (long)(began * Second), (long)(healed * Second), (long)(served * Second));

    public static RunResult Result(
        IEnumerable<Operation> operations, IReadOnlyList<FaultRecord>? faults = null, params Finding[] findings)
    {
        Operation[] history = [.. operations];
        var report = new CheckReport(history.Length, history.Count(o => !o.IsKnown), 0, 1, 0, [], findings);
        return new RunResult(
            new RunOptions { Seed = 42, Workloads = ["register"], Nemeses = faults is null ? [] : ["kill"] },
            [new WorkloadResult(WorkloadCatalog.Find("register")!, history, report)], faults ?? [],
            LeaderChanges: 0, SessionsExpired: 0, LongestGap: TimeSpan.Zero, Failure: null);
    }

    /// <summary>A campaign of one run.</summary>
    public static CampaignSummary Summary(string target, RunResult result, bool mustRunAllPairs = false) => new(
        target, 42, 3, DateTimeOffset.UnixEpoch, ["register"], [NemesisOf(result)], mustRunAllPairs,
        [RunSummaries.OfSingle(result)]);

    private static string NemesisOf(RunResult result) =>
        result.Options.Nemeses.Count == 0 ? NemesisChoice.None : string.Join('+', result.Options.Nemeses);
}
