using Coord.JepsenLike.Campaigns;
using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Targets;

namespace Coord.JepsenLike.Tests;

/// <summary>What counts, what does not, and what the last line says.</summary>
public sealed class CampaignTests
{
    [Fact]
    public void A_run_in_which_more_than_a_tenth_ended_unknown_does_not_count()
    {
        var known = CampaignScene.Sets(90, 10).ToList();
        Assert.Null(CountingRules.Objection(CampaignScene.Result([.. known, .. Unknown(100)])));
        Assert.Equal("10 % of its operations ended unknown",
            CountingRules.Objection(CampaignScene.Result([.. known, .. Unknown(101)])));
    }

    // A thousand a minute are 16.7 a second.
    [Fact]
    public void A_run_that_hardly_works_when_it_is_healed_does_not_count()
    {
        Assert.Null(CountingRules.Objection(CampaignScene.Result(CampaignScene.Sets(17, 30))));
        Assert.Equal("only 962 operations a minute succeeded after healing",
            CountingRules.Objection(CampaignScene.Result(CampaignScene.Sets(16, 30))));
    }

    [Fact]
    public void The_time_of_a_fault_is_no_time_after_healing()
    {
        // 20 seconds of fault with nothing, 10 without with 20 a second.
        var operations = CampaignScene.Sets(20, 10).Select(o => o with
        {
            Invoked = o.Invoked + (20 * CampaignScene.Second), Completed = o.Completed + (20 * CampaignScene.Second),
        }).Prepend(CampaignScene.Set(0)).ToList();
        var rate = CountingRules.HealedPerMinute(operations, [CampaignScene.Kill(0.1, 19, 20)]);
        Assert.InRange(rate, 1_150, 1_250);

        // What was done before it was hurt says nothing of what it does when it is healed.
        var busy = CampaignScene.Sets(1_000, 2).Concat(CampaignScene.Sets(1, 30)).ToList();
        Assert.InRange(CountingRules.HealedPerMinute(busy, [CampaignScene.Kill(2, 4, 5)]), 55, 65);
        Assert.InRange(CountingRules.HealedPerMinute(busy, [CampaignScene.Kill(2, 28, 28.5)]), 45_000, 50_000);

        // The same in two that overlap.
        FaultRecord[] overlapping = [CampaignScene.Kill(0.1, 14, 15), CampaignScene.Kill(3, 19, 20)];
        Assert.Equal(rate, CountingRules.HealedPerMinute(operations, overlapping), tolerance: 0.001);
        Assert.All(FaultOutage.Measure(overlapping, operations), outage => Assert.False(outage.IsAlone));
    }

    [Fact]
    public void A_run_in_which_no_fault_was_done_does_not_count_beside_a_nemesis() =>
        Assert.Equal("no fault of kill was done",
            CountingRules.Objection(CampaignScene.Result(CampaignScene.Sets(90, 10), [])));

    [Fact]
    public void Of_joined_faults_each_must_be_done()
    {
        var alone = CampaignScene.Result(CampaignScene.Sets(90, 10), [CampaignScene.Kill(1, 2, 3)]);
        var both = alone with { Options = alone.Options with { Nemeses = ["kill", "pause"] } };
        Assert.Null(CountingRules.Objection(both));
        Assert.Equal("no fault of pause was done",
            CountingRules.Objection(both with { Options = both.Options with { AtOnce = 2 } }));
    }

    [Fact]
    public void Silence_is_no_operation_that_succeeds()
    {
        var silent = CampaignScene.Sets(90, 10).Select(o => o with { Kind = OperationKind.Silence });
        Assert.Equal("no operation was recorded", CountingRules.Objection(CampaignScene.Result(silent)));
    }

    [Fact]
    public void What_a_target_does_not_promise_is_no_lost_write_of_it()
    {
        var history = CampaignScene.Sets(90, 10).ToArray();
        var found = CampaignScene.Result(history, null, new Finding("set-lost", "planted", [history[0]]));
        Assert.Contains(" anomalies=1 lost=1 ", CampaignScene.Summary("coord", found).Figures());
        var control = found with { Options = found.Options with { Target = Target.ZooKeeper } };
        Assert.Contains(" anomalies=0 lost=0 ", CampaignScene.Summary("zookeeper", control).Figures());
    }

    [Fact]
    public void Some_runs_of_a_campaign_use_leases_where_leases_promise_something()
    {
        static int[] Leasing(Target target, string nemesis)
        {
            var options = new CampaignOptions { Duration = TimeSpan.FromMinutes(1), Seed = 1, Target = target };
            var campaign = new Campaign(options, _ => { });
            return [.. Enumerable.Range(1, 8).Where(number => campaign.OptionsOf(
                new PlannedRun(number, ["register"], nemesis, [nemesis], number), options.Duration).UsesLeases)];
        }

        Assert.Equal([4, 8], Leasing(Target.Coord, "drift"));
        Assert.Empty(Leasing(Target.Coord, "wild-drift"));
        Assert.Empty(Leasing(Target.ZooKeeper, "kill"));
    }

    [Fact]
    public void An_outage_is_the_longest_time_without_a_write_and_ends_with_the_next()
    {
        var writes = new[] { 1.0, 2.0, 2.5, 6.0, 6.1, 9.0 }.Select(at => CampaignScene.Set(at)).ToList();
        var faults = new[]
        {
            CampaignScene.Kill(1.5, 1.6, 2.2), // From 2.0 to 2.5 goes on behind its end.
            CampaignScene.Kill(2.4, 3.0, 5.0), // From 2.5 to 6.0.
            CampaignScene.Kill(8.9, 9.5, 9.7), // From 9.0 to the end: no write follows.
        };
        var outages = FaultOutage.Measure(faults, writes).Select(outage => Math.Round(outage.Milliseconds)).ToArray();
        Assert.Equal([502, 3_500, 698], outages);
    }

    [Fact]
    public void The_last_line_sums_up_and_an_anomaly_is_exit_status_1()
    {
        Operation[] history = [.. CampaignScene.Sets(90, 10), CampaignScene.Set(4, isKnown: false)];
        var good = CampaignScene.Summary("coord", CampaignScene.Result(history, [CampaignScene.Kill(1, 2, 3)]));
        Assert.Equal("runs=1 anomalies=0 lost=0 unknown=1 operations=901 faults=1", good.Figures());
        Assert.Equal(0, good.ExitStatus());

        var finding = new Finding("real-time", "planted", [history[0]]);
        var bad = CampaignScene.Summary("coord", CampaignScene.Result(history, null, finding));
        Assert.Equal("runs=1 anomalies=1 lost=0 unknown=1 operations=901 faults=0", bad.Figures());
        Assert.Equal(1, bad.ExitStatus());
    }

    [Fact]
    public void An_acknowledged_write_that_is_gone_is_counted_as_lost_and_a_stale_read_is_not()
    {
        var history = RandomHistory.Correct(seed: 3, operations: 2_000, processes: 8, "/jepsen/register-0", 0);
        var lost = HistoryChecker.Check(Planting.LostWrite(history, "/jepsen/register-0")).Findings;
        Assert.True(LostWrites.Count(lost) > 0);
        var stale = HistoryChecker.Check(Planting.StaleNode(history, "/jepsen/register-0")).Findings;
        Assert.NotEmpty(stale);
        Assert.Equal(0, LostWrites.Count(stale));
        Assert.Equal(1, LostWrites.Count([new Finding("set-lost", "planted", [history[0]])]));
    }

    [Fact]
    public void Runs_that_do_not_count_are_no_runs_and_a_campaign_of_them_alone_fails()
    {
        var summary = CampaignScene.Summary("coord", CampaignScene.Result(Unknown(50)));
        Assert.StartsWith("runs=0 anomalies=0 ", summary.Figures());
        Assert.Equal(1, summary.ExitStatus());
    }

    [Fact]
    public void A_campaign_over_all_pairs_fails_when_one_was_never_run()
    {
        var all = CampaignScene.Summary("coord", CampaignScene.Result(CampaignScene.Sets(90, 10)), true);
        Assert.Equal(0, all.ExitStatus());
        var missing = all with { Nemeses = ["none", "kill"] };
        Assert.Equal([("register", "kill")], missing.MissingPairs());
        Assert.Equal(1, missing.ExitStatus());
        Assert.Equal(0, (missing with { MustRunAllPairs = false }).ExitStatus());
    }

    [Fact]
    public void Options_are_read_and_wrong_ones_refused()
    {
        var options = CampaignCommand.Parse(["--minutes", "2.5", "--nodes", "5", "--nemesis", "kill+pause,none",
            "--workload", "register,counter", "--seed", "9", "--secs", "20"])!;
        Assert.Equal(TimeSpan.FromSeconds(150), options.Duration);
        Assert.Equal((5, 9, true), (options.Nodes, options.Seed, options.MustRunAllPairs));
        Assert.Equal(["register", "counter"], options.Workloads);
        Assert.Equal(["kill+pause", "none"], options.Nemeses.Select(nemesis => nemesis.Name));
        Assert.Equal(TimeSpan.FromSeconds(20), options.RunDuration);

        var selection = CampaignCommand.Parse(["--minutes", "5", "--nemesis", "all"])!;
        Assert.False(selection.MustRunAllPairs);
        Assert.Contains("kill", selection.Nemeses.Select(nemesis => nemesis.Name));
        Assert.Contains("combined", selection.Nemeses.Select(nemesis => nemesis.Name));
    }

    [Theory]
    [InlineData("--nodes 3")]
    [InlineData("--minutes 0")]
    [InlineData("--minutes soon")]
    [InlineData("--minutes 5 --nodes 0")]
    [InlineData("--minutes 5 --workload nothing")]
    [InlineData("--minutes 5 --nemesis kill+nothing")]
    [InlineData("--minutes 5 --target nothing")]
    [InlineData("--minutes 5 --unheard-of")]
    public async Task Wrong_use_is_exit_status_2(string arguments)
    {
        Assert.Null(CampaignCommand.Parse(arguments.Split(' ')));
        Assert.Equal(CampaignCommand.WrongUse, await CampaignCommand.ExecuteAsync(arguments.Split(' ')));
    }

    private static IEnumerable<Operation> Unknown(int count) =>
        Enumerable.Range(0, count).Select(number => CampaignScene.Set(number / 100.0, isKnown: false));
}
