using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;
using FsCheck;
using FsCheck.Fluent;

namespace Coord.JepsenLike.Tests;

/// <summary>What one session may rely on, wherever it is attached.</summary>
public sealed class SessionRulesTests
{
    private const string Key = "/jepsen/sessions/shared-0";

    [Fact]
    public void Correct_sessions_pass()
    {
        var property = Prop.ForAll<int>(seed =>
        {
            var report = SessionRules.Check(Correct(seed));
            return (report.Verdict == "ok").Label($"seed {seed}: {string.Concat(report.Findings.Take(3))}");
        });
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100).WithEndSize(1_000_000), property);
    }

    [Fact]
    public void A_session_that_does_not_see_its_own_write_is_found() =>
        Finds("read-your-writes", Set(1, 1, at: 0, version: 1), Read(1, at: 10, tag: 0, version: 0));

    [Fact]
    public void A_session_that_reads_an_older_state_on_another_node_is_found() => Finds("monotonic-reads",
        Set(1, 1, at: 0, version: 1), Read(2, at: 10, tag: 1, version: 1),
        Read(2, at: 20, tag: 0, version: 0) with { Node = 2 });

    [Fact]
    public void Another_session_may_read_an_older_state() => Assert.DoesNotContain(SessionRules.Check(
        [Set(1, 1, at: 0, version: 1), Read(2, at: 10, tag: 0, version: 0) with { Zxid = 0 }]).Findings,
        finding => finding.Rule is "monotonic-reads" or "read-your-writes");

    [Fact]
    public void A_write_below_what_its_session_had_read_is_found() => Finds("writes-follow-reads",
        Set(1, 1, at: 0, version: 2), Read(2, at: 10, tag: 1, version: 2), Set(2, 2, at: 20, version: 1));

    // Left on an old connection, applied behind what the session did next.
    [Fact]
    public void A_write_that_is_applied_late_is_found() => Finds("monotonic-writes",
        Set(1, 1, at: 0, version: 0) with { Completed = Operation.Never, Zxid = 0 }, Set(1, 2, at: 10, version: 1),
        Read(2, at: 20, tag: 1, version: 2));

    [Fact]
    public void A_session_whose_zxids_go_back_is_found() => Finds("session-order",
        Set(1, 1, at: 0, version: 1), Read(1, at: 10, tag: 1, version: 1) with { Zxid = 0 });

    private static List<Operation> Correct(int seed)
    {
        var (tag, version, zxid) = (0L, 0, 100L);
        return Timeline.Play(seed, operations: 300, sessions: 6, unknownPercent: 10, (slot, random) =>
        {
            var isRead = random.Next(2) == 0;
            var call = slot.Begin(isRead ? OperationKind.LocalRead : OperationKind.Set, Key);
            if (!isRead && (!slot.IsUnknown || random.Next(2) == 0))
                (tag, version, zxid) = (call.Tag, version + 1, zxid + 1);
            return slot.Record(isRead ? call with { Tag = 0 } : call, call with
            {
                Tag = tag, Version = version, Zxid = zxid, ModifiedZxid = version == 0 ? 0 : 100 + version,
            });
        });
    }

    private static void Finds(string rule, params Operation[] history) =>
        Assert.Contains(SessionRules.Check(history).Findings, finding => finding.Rule == rule);

    private static Operation Set(int session, long tag, long at, int version) =>
        Make(OperationKind.Set, session, at, version) with { Tag = tag };

    private static Operation Read(int session, long at, long tag, int version) =>
        Make(OperationKind.LocalRead, session, at, version) with { Tag = tag };

    private static Operation Make(OperationKind kind, int session, long at, int version) => new()
    {
        Process = session, Session = session, Node = 1, Kind = kind, Key = Key, Invoked = at, Completed = at + 5,
        Version = version, Zxid = version, ModifiedZxid = version,
    };
}
