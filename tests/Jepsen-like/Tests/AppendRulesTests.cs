using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.JepsenLike.Tests;

/// <summary>
/// Transactions on lists, a few at a time: r reads, a appends. "x12+3" read 1 and 2 in x, and appended 3.
/// </summary>
public sealed class AppendRulesTests
{
    [Fact]
    public void Correct_transactions_pass()
    {
        var property = Prop.ForAll<int>(seed =>
        {
            var report = AppendRules.Check(RandomLists.Correct(seed, operations: 300));
            return (report.Verdict == "ok").Label($"seed {seed}: {string.Concat(report.Findings.Take(3))}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(1_000_000), property);
    }

    [Fact]
    public void A_stale_read_planted_into_any_history_is_found()
    {
        var planted = 0;
        var property = Prop.ForAll<int>(seed =>
        {
            var history = RandomLists.Correct(seed, operations: 300, unknownPercent: 5);
            var at = history.FindLastIndex(o => o.Kind == OperationKind.Read && IsBehindItsLastWriter(o, history));
            if (at < 0)
                return true.ToProperty();

            planted++;
            var part = ListPart.Parse(history[at].Text)[0];
            var shorter = part with { Read = part.Read[..^1], Version = part.Version - 1 };
            history[at] = history[at] with { Text = ListPart.Write([shorter]) };
            var rules = AppendRules.Check(history).Findings.Select(finding => finding.Rule).ToArray();
            return rules.Any(rule => rule is "G1b" or "append-lost" or "G-single" or "G-single-realtime")
                .Label($"seed {seed}: {string.Join(' ', rules)}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(1_000_000), property);
        Assert.True(planted > 50, $"only {planted} histories had a read to spoil");
    }

    [Fact]
    public void A_hundred_thousand_operations_are_checked_in_seconds()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal("ok", AppendRules.Check(
            RandomLists.Correct(seed: 5, operations: 100_000, unknownPercent: 1)).Verdict);
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), $"{clock.Elapsed}");
    }

    [Fact]
    public void Transactions_survive_their_file()
    {
        var history = RandomLists.Correct(seed: 6, operations: 300, unknownPercent: 20);
        var path = Path.GetTempFileName();
        try
        {
            HistoryFile.Write(path, "append", history);
            Assert.Equal(history, HistoryFile.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Two transactions whose writes stand in one order in x and in the other in y.
    [Fact]
    public void G0_is_found() => Finds("G0", Ok("x+1 y2+3"), Ok("x1+4 y+2"), Ok("x14 y23"));

    [Fact]
    public void G1a_is_found() => Finds("G1a", Ok("x+1") with { Error = Operation.BadVersion }, Ok("x1"));

    [Fact]
    public void G1b_is_found() => Finds("G1b", Ok("x+12"), Ok("x1"), Ok("x12"));

    // Each read what the other wrote.
    [Fact]
    public void G1c_is_found() => Finds("G1c", Ok("x+1 y2"), Ok("y+2 x1"));

    // One saw the other in x and missed it in y.
    [Fact]
    public void G_single_is_found() => Finds("G-single", Ok("x+1 y+2"), Ok("x1 y"), Ok("y2"));

    // Neither saw the other: write skew.
    [Fact]
    public void G2_is_found() => Finds("G2", Ok("x+1 y"), Ok("y+2 x"), Ok("x1"), Ok("y2"));

    [Fact]
    public void A_read_that_misses_what_was_acknowledged_before_is_found() =>
        Finds("G-single-realtime", Ok("x+1", at: 1), Ok("x", at: 10), Ok("x1", at: 20));

    [Fact]
    public void Writes_against_the_clock_are_found() =>
        Finds("G0-realtime", Ok("x1+2", at: 1), Ok("x+1", at: 10), Ok("x12", at: 20));

    [Fact]
    public void A_cycle_is_told_in_words()
    {
        var finding = AppendRules.Check(Numbered([Ok("x+1 y"), Ok("y+2 x"), Ok("x1"), Ok("y2")])).Findings
            .First(f => f.Rule == "G2");
        Assert.Equal("a cycle: T1 before T2 (y: was read without 2), T2 before T1 (x: was read without 1); " +
            "in this order:", finding.Text);
        Assert.Equal(2, finding.Operations.Count);
    }

    [Fact]
    public void Two_orders_of_one_list_are_found() =>
        Finds("incompatible-order", Ok("x+1"), Ok("x+2"), Ok("x12"), Ok("x21"));

    [Fact]
    public void An_element_that_stands_twice_is_found() => Finds("append-duplicate", Ok("x+1"), Ok("x11"));

    [Fact]
    public void An_acknowledged_element_that_is_gone_is_found() =>
        Finds("append-lost", Ok("x+1", at: 1), Ok("x", at: 10));

    [Fact]
    public void An_element_that_nobody_appended_is_found() => Finds("phantom", Ok("x9"));

    [Fact]
    public void A_version_that_does_not_count_the_elements_is_found()
    {
        var read = Ok("x1");
        Finds("append-version", Ok("x+1"), read with { Text = read.Text.Replace(":1:1:", ":3:1:") });
    }

    [Fact]
    public void An_unknown_transaction_that_was_seen_takes_part_in_cycles()
    {
        var unknown = Ok("x+1 y2") with { Completed = Operation.Never, Zxid = 0 };
        Finds("G1c", unknown, Ok("y+2 x1"));
    }

    [Fact]
    public void Transactions_one_after_the_other_pass() =>
        Assert.Equal("ok", AppendRules.Check(Numbered(
            [Ok("x+1 y+2", at: 1), Ok("x1+3 y2", at: 10), Ok("x13 y2", at: 20)])).Verdict);

    private static bool IsBehindItsLastWriter(Operation read, List<Operation> history) => read.IsKnown &&
        ListPart.Parse(read.Text)[0].Read is [.., var last] && history.Any(o => o.Succeeded &&
            o.Completed < read.Invoked && ListPart.Parse(o.Text).Any(part => part.Appended.Contains(last)));

    private static void Finds(string rule, params Operation[] history) =>
        Assert.Contains(AppendRules.Check(Numbered(history)).Findings, finding => finding.Rule == rule);

    /// <summary>Concurrent unless told otherwise; zxids follow the order in which they are given.</summary>
    private static Operation[] Numbered(Operation[] history) => [.. history.Select((o, i) => o with
    {
        Process = i, Session = i, Tag = i + 1000, Zxid = o.IsKnown ? i + 1 : 0,
    })];

    private static Operation Ok(string parts, long at = 0) => new()
    {
        Process = 0, Kind = OperationKind.Transaction, Key = "lists", Invoked = at, Completed = at == 0 ? 100 : at + 5,
        Text = ListPart.Write(parts.Split(' ').Select(part =>
        {
            var sides = part[1..].Split('+');
            var read = sides[0].Select(element => (long)(element - '0')).ToArray();
            return new ListPart(part[..1], read.Length, read,
                sides.Length == 1 ? [] : [.. sides[1].Select(element => (long)(element - '0'))]);
        })),
    };
}
