using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Tests;

/// <summary>Each validator finds what it is there for in a history that is correct but for one answer.</summary>
public sealed class PlantedFaultTests
{
    private const string Register = "/jepsen/register-0";
    private const string Counter = "/jepsen" + HistoryChecker.CounterMark + "0";

    [Fact]
    public void A_planted_stale_value_is_found_by_order_and_by_search()
    {
        Finds(Planting.StaleValue(History(seed: 1, Register), Register), "witness", "linearizability");
    }

    // A leader that was cut off answers from its own past: value and zxid agree with each other. Only time objects.
    [Fact]
    public void A_planted_read_from_a_node_that_is_behind_is_found()
    {
        Finds(Planting.StaleNode(History(seed: 2, Register), Register), "real-time", "linearizability");
    }

    [Fact]
    public void A_planted_lost_write_is_found()
    {
        Finds(Planting.LostWrite(History(seed: 3, Register), Register), "witness", "linearizability");
    }

    [Fact]
    public void A_planted_doubled_increment_is_found()
    {
        Finds(Planting.DoubledIncrement(Counting(seed: 4), Counter), "linearizability");
    }

    [Fact]
    public void An_amount_handed_out_twice_is_found()
    {
        var history = Counting(seed: 5);
        var at = history.FindLastIndex(o => o.Kind == OperationKind.CompareAndSet && o.Succeeded);
        history[at] = history[at] with { Amount = history[at].Amount - 1 };
        Finds(history, "counter");
    }

    [Fact]
    public void A_last_read_below_the_acknowledged_increments_is_found()
    {
        var history = Counting(seed: 6);
        var at = history.FindLastIndex(o => o.Kind == OperationKind.Read && o.Succeeded);
        history[at] = history[at] with { Amount = 1 };
        Finds(history, "counter");
    }

    [Fact]
    public void A_session_that_goes_back_in_time_is_found()
    {
        var history = History(seed: 7, Register);
        var first = history.Find(o => o.IsKnown && o.Zxid > 110)!;
        var at = history.FindIndex(o => o.Session == first.Session && o.Kind == OperationKind.LocalRead &&
            o.IsKnown && o.Invoked > first.Completed);
        history[at] = history[at] with { Zxid = first.Zxid - 1 };
        Finds(history, "session-order");
    }

    [Fact]
    public void A_value_that_nobody_wrote_is_found()
    {
        var history = History(seed: 8, Register);
        var at = history.FindIndex(o => o.Kind == OperationKind.Read && o.IsKnown);
        history[at] = history[at] with { Tag = 1_000_000, Version = 1 };
        Finds(history, "phantom");
    }

    [Fact]
    public void One_write_seen_in_two_places_is_found()
    {
        var history = History(seed: 9, Register);
        var at = history.FindLastIndex(o => !o.IsWrite && o.IsKnown);
        history[at] = history[at] with { ModifiedZxid = history[at].ModifiedZxid + 1 };
        Finds(history, "applied-once");
    }

    [Fact]
    public void Two_writes_with_one_zxid_are_found()
    {
        var history = History(seed: 10, Register);
        var writes = history.Where(o => o.IsWrite && o.IsKnown).Take(2).ToArray();
        var at = history.IndexOf(writes[1]);
        history[at] = history[at] with { Zxid = writes[0].Zxid };
        Finds(history, "zxid-unique");
    }

    [Fact]
    public void A_refused_write_that_was_applied_is_found()
    {
        var history = History(seed: 11, Register);
        var read = history.Last(o => o.Kind == OperationKind.Read && o.Succeeded);
        var at = history.FindIndex(o => o.IsWrite && o.Tag == read.Tag);
        history[at] = history[at] with { Kind = OperationKind.CompareAndSet, Error = Operation.BadVersion };
        Finds(history, "refused");
    }

    [Fact]
    public void A_finding_is_drawn_with_every_operation_that_shows_it()
    {
        var findings = HistoryChecker.Check(Planting.StaleValue(History(seed: 13, Register), Register)).Findings;
        var page = Picture.Draw(findings);
        Assert.Equal(findings.Sum(f => f.Operations.Count), page.Split("class=\"row\"").Length - 1);
        Assert.Contains("linearizability: /jepsen/register-0", page);
    }

    [Fact]
    public void A_history_survives_its_file()
    {
        var history = History(seed: 12, Register, unknownPercent: 20);
        var path = Path.GetTempFileName();
        try
        {
            HistoryFile.Write(path, "znodes", history);
            Assert.Equal("znodes", HistoryFile.WorkloadOf(path));
            Assert.Equal(history, HistoryFile.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static List<Operation> History(int seed, string key, int unknownPercent = 0)
    {
        var history = RandomHistory.Correct(seed, operations: 2_000, processes: 8, key, unknownPercent);
        Assert.Equal("ok", HistoryChecker.Check(history).Verdict);
        return history;
    }

    private static List<Operation> Counting(int seed)
    {
        var history = RandomHistory.Correct(seed, operations: 2_000, processes: 8, Counter, unknownPercent: 0,
            isCounter: true);
        Assert.Equal("ok", HistoryChecker.Check(history).Verdict);
        return history;
    }

    private static void Finds(List<Operation> history, params string[] rules)
    {
        var report = HistoryChecker.Check(history);
        Assert.Equal("violated", report.Verdict);
        Assert.All(rules, rule => Assert.Contains(report.Findings, f => f.Rule == rule));
    }
}
