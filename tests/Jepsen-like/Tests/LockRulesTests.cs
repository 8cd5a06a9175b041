using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Tests;

/// <summary>What may happen to an ephemeral znode, and what may not. Times are in milliseconds.</summary>
public sealed class LockRulesTests
{
    private const int TimeoutMs = 4_000;

    [Fact]
    public void Taking_and_releasing_in_turn_is_fine()
    {
        Holds(Create(1, at: 1, zxid: 1), Read(at: 2, zxid: 1, holder: 1, made: 1), Delete(1, at: 3, zxid: 2),
            Create(2, at: 4, zxid: 3), Exists(1, at: 5, zxid: 4), Close(2, at: 6, zxid: 5), Free(at: 7, zxid: 5));
    }

    [Fact]
    public void Two_holders_at_once_are_found()
    {
        Breaks("lock", Create(1, at: 1, zxid: 1), Create(2, at: 2, zxid: 2));
    }

    [Fact]
    public void A_lock_that_vanishes_under_a_live_session_is_found()
    {
        Breaks("lock", Create(1, at: 1, zxid: 1), Free(at: 20_000, zxid: 2));
    }

    [Fact]
    public void A_lock_may_vanish_after_the_full_timeout_of_a_lost_session()
    {
        Holds(Create(1, at: 1, zxid: 1), GoAway(1, at: 10), Free(at: TimeoutMs + 11, zxid: 2));
    }

    [Fact]
    public void A_lock_that_vanishes_before_the_timeout_of_a_lost_session_is_found()
    {
        Breaks("lock", Create(1, at: 1, zxid: 1), GoAway(1, at: 10), Free(at: TimeoutMs - 100, zxid: 2));
    }

    [Fact]
    public void An_ephemeral_that_outlives_its_closed_session_is_found()
    {
        Breaks("lock", Create(1, at: 1, zxid: 1), Close(1, at: 2, zxid: 2), Read(at: 3, zxid: 2, holder: 1, made: 1));
    }

    [Fact]
    public void A_session_told_too_early_that_it_expired_is_found()
    {
        Breaks("expired-early", Create(1, at: 1, zxid: 1), GoAway(1, at: 2) with
        {
            Completed = 3_000_000_000, Error = Operation.SessionExpired,
        });
    }

    [Fact]
    public void A_close_whose_answer_was_lost_explains_an_early_end()
    {
        Holds(Create(1, at: 1, zxid: 1), Close(1, at: 2, zxid: 0) with { Completed = Operation.Never },
            GoAway(1, at: 1) with { Completed = 50_000_000, Error = Operation.SessionExpired },
            Free(at: 60, zxid: 2));
    }

    [Fact]
    public void A_lock_refused_while_nobody_holds_it_is_found()
    {
        Breaks("lock", Create(1, at: 1, zxid: 1), Delete(1, at: 2, zxid: 2), Exists(2, at: 3, zxid: 3));
    }

    [Fact]
    public void An_unknown_create_explains_a_refusal_until_its_session_goes_on()
    {
        var unknown = Create(1, at: 1, zxid: 0) with { Completed = Operation.Never };
        Holds(unknown, Exists(2, at: 3, zxid: 3));
        Breaks("lock", unknown, Exists(1, at: 3, zxid: 3), Free(at: 4, zxid: 3), Exists(2, at: 5, zxid: 4));
    }

    [Fact]
    public void An_unknown_delete_explains_a_free_lock_until_its_session_goes_on()
    {
        var unknown = Delete(1, at: 2, zxid: 0) with { Completed = Operation.Never };
        Holds(Create(1, at: 1, zxid: 1), unknown, Create(2, at: 3, zxid: 2));
        Breaks("lock", unknown with { Invoked = 0 }, Create(1, at: 1, zxid: 1), Create(2, at: 3, zxid: 2));
    }

    [Fact]
    public void A_holder_that_never_asked_is_found()
    {
        Breaks("phantom", Read(at: 2, zxid: 1, holder: 9, made: 1));
    }

    private static void Holds(params Operation[] history) => Assert.Empty(Findings(history));

    private static void Breaks(string rule, params Operation[] history) =>
        Assert.Contains(Findings(history), finding => finding.Rule == rule);

    private static List<Finding> Findings(Operation[] history)
    {
        var findings = new List<Finding>();
        LockRules.Check(LockRules.Resolve(history, findings), findings);
        return findings;
    }

    private static Operation Create(int session, int at, long zxid) =>
        Make(OperationKind.CreateEphemeral, session, at, zxid) with { Tag = session };

    private static Operation Exists(int session, int at, long zxid) =>
        Create(session, at, zxid) with { Tag = 1000 + zxid, Error = Operation.NodeExists };

    private static Operation Delete(int session, int at, long zxid) =>
        Make(OperationKind.Delete, session, at, zxid);

    private static Operation Close(int session, int at, long zxid) =>
        Make(OperationKind.CloseSession, session, at, zxid) with { Key = "" };

    private static Operation GoAway(int session, int at) =>
        Make(OperationKind.LoseSession, session, at, zxid: 0) with
        {
            Key = "", Completed = Operation.Never, Amount = TimeoutMs,
        };

    private static Operation Read(int at, long zxid, long holder, long made) =>
        Make(OperationKind.Read, session: 99, at, zxid) with { Tag = holder, ModifiedZxid = made };

    private static Operation Free(int at, long zxid) =>
        Make(OperationKind.Read, session: 99, at, zxid) with { Error = Operation.NoNode };

    private static Operation Make(OperationKind kind, int session, int at, long zxid) => new()
    {
        Process = session, Session = session, Key = "/jepsen/lock-0", Kind = kind, Invoked = at * 1_000_000L,
        Completed = (at * 1_000_000L) + 500_000, Zxid = zxid,
    };
}
