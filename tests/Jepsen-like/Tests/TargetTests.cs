using Coord.JepsenLike.Campaigns;
using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Runs;
using Coord.JepsenLike.Targets;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Tests;

/// <summary>The controls: other servers, under the same faults and the same rules.</summary>
[Collection(ClusterCollection.Name)]
public sealed class TargetTests(ITestOutputHelper output)
{
    private const int OperationsMin = 1_000;

    [Theory(Timeout = 300_000)]
    [InlineData("zookeeper", "register,counter")]
    [InlineData("etcd", "register,counter,set,bank,lock")]
    public async Task Another_server_keeps_what_it_promises_under_the_same_faults(string name, string workloads)
    {
        var target = Target.Find(name)!;
        if (!File.Exists(target.Program!.Value.Path))
            Assert.Skip($"{name} is not installed: it comes with the package {target.Program.Value.Package}");

        var result = await new JepsenRun(
            new RunOptions
            {
                Target = target, Duration = TimeSpan.FromSeconds(8), Workloads = workloads.Split(','), Seed = 4,
            },
            output.WriteLine).ExecuteAsync();
        output.WriteLine(result.Figures());
        Assert.True(result.Verdict == "ok", $"{result.Figures()}\n{result.Failure}\n{string.Concat(result.Findings)}");
        Assert.True(result.Operations >= OperationsMin, $"only {result.Operations} operations");
        Assert.NotEmpty(result.Faults);
        Assert.All(result.NodeLogs, log => Assert.NotNull(log));
    }

    [Fact]
    public void A_rule_that_a_target_does_not_promise_is_told_and_is_no_anomaly()
    {
        var history = CampaignScene.Sets(90, 10).ToList();
        var finding = new Finding("real-time", "planted", [history[0]]);
        var result = CampaignScene.Result(history, null, finding);
        var control = result with { Options = result.Options with { Target = Target.ZooKeeper } };
        Assert.Equal(("violated", "ok"), (result.Verdict, control.Verdict));
        Assert.Single(control.Unpromised);
        Assert.Equal((1, 0), (RunSummaries.OfSingle(result).Anomalies, RunSummaries.OfSingle(control).Anomalies));
        Assert.Equal(1, RunSummaries.OfSingle(control).Workloads[0].Unpromised);
    }

    // etcd gives a refused write no revision of its own: two may stand at that of one write.
    [Fact]
    public void What_etcd_refuses_has_no_place_in_its_order_and_is_searched_all_the_same()
    {
        var write = CampaignScene.Set(1) with { Tag = 1, Zxid = 5, ModifiedZxid = 5, Version = 1 };
        var refused = CampaignScene.Set(2) with
        {
            Kind = OperationKind.CompareAndSet, Tag = 2, Expected = 0, Error = Operation.BadVersion, Zxid = 5,
        };
        var again = refused with { Tag = 3, Invoked = 3 * CampaignScene.Second, Completed = 4 * CampaignScene.Second };
        Assert.Empty(Check([write, refused, again]).Findings);
        Assert.NotEmpty(HistoryChecker.Check([write, refused, again]).Findings);

        var wronged = again with { Expected = 1 };
        Assert.Contains(Check([write, refused, wronged]).Findings, f => f.Rule == "linearizability");
        var doubled = CampaignScene.Set(5) with { Tag = 4, Zxid = 5, ModifiedZxid = 5, Version = 2 };
        Assert.Contains(Check([write, doubled]).Findings, f => f.Rule == "zxid-unique");
    }

    // A transaction that etcd refused stands at the revision of the write before it, which it did not see.
    [Fact]
    public void What_etcd_refuses_of_a_bank_moves_nothing_and_its_transactions_stand_at_revisions_of_their_own()
    {
        var first = Transfer(1, tag: 1, revision: 7, "0s0:0:20:2:15 1s0:0:20:3:25");
        var refused = Transfer(2, tag: 2, revision: 7, "0s0:0:20:2:10 1s0:0:20:3:30") with
        {
            Error = Operation.BadVersion, Expected = 0,
        };
        var all = Transfer(3, tag: 3, revision: 8,
            "0c1:1:15:7:0 1c1:1:25:7:0 2c0:0:20:4:0 3c0:0:20:5:0 4c0:0:20:6:0");
        Assert.Empty(CheckBank(first, refused, all).Findings);

        var torn = all with { Text = all.Text.Replace("1c1:1:25:7:0", "1c0:0:20:3:0", StringComparison.Ordinal) };
        Assert.Contains(CheckBank(first, refused, torn).Findings, finding => finding.Rule == "bank-total");
        var wronged = refused with { Expected = 1, Text = "2s0:0:20:4:10 3s0:0:20:5:30" };
        Assert.Contains(CheckBank(first, wronged, all).Findings, finding => finding.Rule == "linearizability");
        var doubled = all with { Zxid = 7 };
        Assert.Contains(CheckBank(first, refused, doubled).Findings, finding => finding.Rule == "zxid-unique");
    }

    [Fact]
    public void A_workload_a_fault_or_a_setting_that_a_target_cannot_have_is_wrong_use()
    {
        Assert.NotNull(CampaignCommand.Parse(["--minutes", "1", "--target", "etcd", "--workload", "register"]));
        Assert.Null(CampaignCommand.Parse(["--minutes", "1", "--target", "etcd", "--workload", "watch"]));
        Assert.NotNull(CampaignCommand.Parse(["--minutes", "1", "--target", "zookeeper", "--workload", "watch"]));
        Assert.Null(CampaignCommand.Parse(["--minutes", "1", "--target", "zookeeper", "--nemesis", "links"]));
        var run = RunOptions.Parse(["--target", "etcd", "--workload", "register,watch", "--nemesis", "kill,links"])!;
        Assert.Equal("not on etcd: watch,links", run.Objection());
        Assert.Equal("not on zookeeper: --leases on,--compact often",
            RunOptions.Parse(["--target", "zookeeper", "--leases", "on", "--compact", "often"])!.Objection());
        Assert.Null(RunOptions.Parse(["--leases", "on", "--compact", "often"])!.Objection());
    }

    private static CheckReport Check(Operation[] history) => EtcdRules.Check(history, HistoryChecker.Check);

    private static CheckReport CheckBank(params Operation[] history) =>
        Target.Etcd.Check(WorkloadCatalog.Find("bank")!, history);

    private static Operation Transfer(double second, long tag, long revision, string parts) =>
        CampaignScene.Set(second) with
        {
            Kind = OperationKind.Transaction, Key = "/jepsen/bank/group-0", Tag = tag, Zxid = revision, Text = parts,
        };
}
