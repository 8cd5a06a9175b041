using System.Diagnostics;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Reports;
using Coord.JepsenLike.Runs;
using Coord.JepsenLike.Targets;

namespace Coord.JepsenLike.Campaigns;

/// <summary>Run after run until the time is over, each with a page; in the end the tables over all of them.</summary>
internal sealed class Campaign(CampaignOptions options, Action<string> tell)
{
    // Start, final reads and checks take about this long beside the load, until the first runs have told.
    private static readonly TimeSpan FirstCost = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RunDurationMin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RunDurationMax = TimeSpan.FromSeconds(60);

    // Every third run finds logs that are gone, so that who fell behind needs a snapshot.
    private const int CompactingEvery = 3;

    // And in every fourth leaders read by their leases, unless clocks go as wrong as leases do not allow.
    private const int LeasingEvery = 4;

    // Something is wrong with the machine then, and no time makes it better.
    private const int BrokenInARowMax = 3;

    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Rotation rotation = options.Rotation();

    /// <summary>Ends early when cancelled: between two runs, or with the one under way unfinished.</summary>
    public async Task<CampaignSummary> ExecuteAsync(CancellationToken stop)
    {
        var folder = Directory.CreateDirectory(options.Folder ?? DefaultFolder()).FullName;
        var duration = options.RunDuration ?? DurationOfRuns();
        tell($"seed {options.Seed}: {rotation.Pairs} pairs of workload and nemesis in {rotation.RunsOfARound} runs " +
            $"of {duration.TotalSeconds:F0} s a round; reports in {folder}");
        var summary = new CampaignSummary(
            options.Target.Name, options.Seed, options.Nodes, DateTimeOffset.UtcNow, options.Workloads,
            [.. options.Nemeses.Select(nemesis => nemesis.Name)], options.MustRunAllPairs, []);
        foreach (var plan in rotation.Runs())
        {
            if (stop.IsCancellationRequested || (plan.Number > 1 && !HasTimeFor(duration, plan.Number - 1)))
                break;
            summary = summary with { Runs = [.. summary.Runs, await RunAsync(plan, duration, folder)] };
            CampaignPage.WriteAll(folder, summary);
            if (summary.Runs.Reverse().TakeWhile(run => run.Verdict == RunSummaries.Broken).Count() == BrokenInARowMax)
                break;
        }

        return summary;
    }

    private string DefaultFolder() => Path.Combine(
        Launcher.RepositoryRoot(), "artifacts", "jepsen-like", $"{options.Target.Name}-{options.Seed}");

    /// <summary>As long as one round fits into the time, within the limits of a run.</summary>
    private TimeSpan DurationOfRuns()
    {
        var share = (options.Duration / rotation.RunsOfARound) - FirstCost;
        return share < RunDurationMin ? RunDurationMin : share > RunDurationMax ? RunDurationMax
            : TimeSpan.FromSeconds(Math.Floor(share.TotalSeconds));
    }

    private bool HasTimeFor(TimeSpan duration, int runsDone)
    {
        var cost = clock.Elapsed / runsDone;
        return clock.Elapsed + (cost > duration ? cost : duration) <= options.Duration;
    }

    private async Task<RunSummary> RunAsync(PlannedRun plan, TimeSpan duration, string folder)
    {
        var run = OptionsOf(plan, duration);
        tell($"run {plan.Number}: {string.Join(", ", plan.Workloads)} beside {Faults(plan)}");
        try
        {
            var result = await new JepsenRun(run, line => tell("  " + line)).ExecuteAsync();
            var summary = RunSummaries.Of(plan, result);
            RunPage.Write(Path.Combine(folder, summary.PageName), result, summary);
            if (result.Verdict != "ok")
                tell($"  {result.Failure}\n  offending histories: {RunCommand.WriteOffending(result, folder)}");
            tell("  " + result.Figures());
            if (summary.Objection is { } objection)
                tell($"  this run does not count: {objection}");
            return summary;
        }
        catch (UnavailableException error)
        {
            tell($"  not on this machine: {error.Message}");
            return RunSummaries.OfNothing(plan, run, RunSummaries.Unavailable, FirstLine(error));
        }
        catch (Exception error)
        {
            // One run that breaks must not cost the hours of all the others; that it broke fails the campaign.
            tell($"  the run could not begin or end: {error}");
            return RunSummaries.OfNothing(plan, run, RunSummaries.Broken, FirstLine(error));
        }
    }

    /// <summary>What a planned run is done with; the settings of the nodes by its number.</summary>
    internal RunOptions OptionsOf(PlannedRun plan, TimeSpan duration) => new()
    {
        Target = options.Target,
        Duration = duration,
        Seed = plan.Seed,
        Nodes = options.Nodes,
        Workloads = plan.Workloads,
        Nemeses = plan.Families,
        AtOnce = Math.Max(1, plan.Families.Count),
        Rate = options.Rate,
        CompactsOften = HasSettings && plan.Number % CompactingEvery == 0,
        UsesLeases = HasSettings && plan.Number % LeasingEvery == 0 && !plan.Families.Contains(ClockFaults.WildDrift),
    };

    // The settings are those of Coord's nodes.
    private bool HasSettings => options.Target == Target.Coord;

    private static string FirstLine(Exception error) => error.Message.Split('\n')[0];

    private static string Faults(PlannedRun plan) =>
        plan.Families.Count == 0 ? "no faults" : string.Join(" and ", plan.Families);
}
