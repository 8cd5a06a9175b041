using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.JepsenLike.Tests;

/// <summary>Locks and semaphores as their holders know them, and what they write.</summary>
public sealed class HoldRulesTests
{
    private const string Queue = "/jepsen/mutex/queue";

    [Fact]
    public void Holding_by_turns_passes()
    {
        var property = Prop.ForAll<int>(seed =>
        {
            var report = HoldRules.CheckLock(Turns(seed));
            return (report.Verdict == "ok").Label($"seed {seed}: {string.Concat(report.Findings.Take(3))}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(1_000_000), property);
    }

    [Fact]
    public void Two_holders_at_once_are_found() => Finds("exclusive", Hold(1, 0, 10), Hold(2, 9, 20));

    [Fact]
    public void Readers_may_hold_together() =>
        Passes(Hold(1, 0, 10, "read"), Hold(2, 5, 20, "read"), Hold(3, 20, 30, "write"));

    [Fact]
    public void A_writer_beside_a_reader_is_found() =>
        Finds("exclusive", Hold(1, 0, 10, "read"), Hold(2, 5, 20, "write"));

    // Who slept past its session's timeout cannot count on holding, and nobody owes it to.
    [Fact]
    public void A_hold_ends_with_the_timeout_behind_its_last_contact() =>
        Passes(Hold(1, 0, 30) with { Amount = 10 }, Hold(2, 12, 20));

    [Fact]
    public void A_smaller_token_held_later_is_found() => Finds("token-order", Hold(2, 0, 10), Hold(1, 20, 30));

    [Fact]
    public void A_token_that_is_held_twice_is_found() => Finds("token-twice", Hold(1, 0, 10), Hold(1, 20, 30));

    [Fact]
    public void A_write_with_a_smaller_token_is_found() => Finds("fencing", Write(2, 0, 5), Write(1, 10, 6));

    [Fact]
    public void A_refused_write_with_a_smaller_token_is_what_tokens_are_for() =>
        Passes(Write(2, 0, 5), Write(1, 10, 6) with { Error = Operation.NoNode, Expected = 0 });

    [Fact]
    public void A_write_under_a_reader_is_found() => Finds("reader-disturbed", Write(1, 0, 5) with
    {
        Kind = OperationKind.Transaction, Error = Operation.BadVersion, Expected = 1,
    });

    [Fact]
    public void A_session_in_contact_that_is_ended_is_found() => Finds("expired-early", new Operation
    {
        Process = 1, Session = 1, Kind = OperationKind.LoseSession, Key = "", Invoked = 0, Completed = 3_999_000_000,
        Amount = 4_000, Error = Operation.SessionExpired,
    });

    [Fact]
    public void One_holder_too_many_is_found()
    {
        Operation[] three = [Hold(1, 0, 10), Hold(2, 1, 10), Hold(3, 2, 10)];
        Assert.Equal("ok", HoldRules.CheckSemaphore(three, permits: 3).Verdict);
        Assert.Equal("semaphore", Assert.Single(
            HoldRules.CheckSemaphore([.. three, Hold(4, 9, 12)], permits: 3).Findings).Rule);
    }

    private static List<Operation> Turns(int seed)
    {
        var random = new Random(seed);
        var (history, at, zxid) = (new List<Operation>(), 0L, 100L);
        for (var token = 1; token <= 100; token++)
        {
            var begin = at + random.Next(1, 20);
            history.Add(Hold(token, begin, begin + 50) with { Amount = begin + random.Next(-5, 80) });
            history.Add(Write(token, begin + 1, ++zxid));
            at = begin + 50;

            // A holder of the past, that nobody lets write.
            history.Add(Write(token - 1, begin + 10, ++zxid) with { Error = Operation.NoNode });
        }

        return history;
    }

    private static void Passes(params Operation[] history) => Assert.Empty(HoldRules.CheckLock(history).Findings);

    private static void Finds(string rule, params Operation[] history) =>
        Assert.Contains(HoldRules.CheckLock(history).Findings, finding => finding.Rule == rule);

    private static Operation Hold(long token, long begin, long end, string mode = "write") => new()
    {
        Process = (int)token, Session = (int)token, Kind = OperationKind.Hold, Key = Queue, Tag = token, Text = mode,
        Invoked = begin, Completed = end, Amount = long.MaxValue,
    };

    private static Operation Write(long token, long at, long zxid) => new()
    {
        Process = (int)token, Session = (int)token, Kind = OperationKind.Set, Key = "/jepsen/mutex/guarded",
        Tag = zxid, Amount = token, Invoked = at, Completed = at + 5, Zxid = zxid, Expected = -1,
    };
}
