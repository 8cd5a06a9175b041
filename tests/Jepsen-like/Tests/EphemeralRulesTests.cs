using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Tests;

/// <summary>Ephemeral znodes and silent sessions, on a calm cluster and others. Times are in milliseconds.</summary>
public sealed class EphemeralRulesTests
{
    private const int TimeoutMs = 4_000;

    private static readonly int Late = (int)(CalmPeriods.LastsMax(TimeoutMs) / 1_000_000) + 100;

    [Fact]
    public void What_is_made_read_and_deleted_passes() => Passes(Create(1, at: 0, zxid: 1), Read(at: 10, zxid: 1, 1),
        Delete(1, at: 20, zxid: 2), Read(at: 30, zxid: 2));

    [Fact]
    public void What_goes_under_a_live_session_is_found() =>
        Finds("ephemeral-early", Create(1, at: 0, zxid: 1), Read(at: 10, zxid: 2));

    [Fact]
    public void What_goes_before_the_timeout_of_a_silent_session_is_found() => Finds("ephemeral-early",
        Create(1, at: 0, zxid: 1), Leave(1, at: 5), Read(at: TimeoutMs - 500, zxid: 2));

    [Fact]
    public void What_goes_after_the_timeout_of_a_silent_session_passes() =>
        Passes(Create(1, at: 0, zxid: 1), Leave(1, at: 5), Read(at: TimeoutMs + 500, zxid: 2));

    [Fact]
    public void What_its_live_owner_finds_gone_is_found() => Finds("ephemeral-early", Create(1, at: 0, zxid: 1),
        Delete(1, at: 10, zxid: 2) with { Error = Operation.NoNode });

    [Fact]
    public void What_stays_after_its_delete_is_found() =>
        Finds("ephemeral-undead", Create(1, at: 0, zxid: 1), Delete(1, at: 10, zxid: 2), Read(at: 20, zxid: 2, 1));

    [Fact]
    public void What_stays_after_its_session_was_closed_is_found() =>
        Finds("ephemeral-undead", Create(1, at: 0, zxid: 1), Close(1, at: 10, zxid: 2), Read(at: 20, zxid: 2, 1));

    [Fact]
    public void What_stays_long_after_a_silent_session_is_found_while_one_node_leads() => Finds("ephemeral-late",
        [Create(1, at: 0, zxid: 1), Leave(1, at: 5), Read(at: Late + 10, zxid: 2, 1), .. Calm(0, Late + 1000)]);

    // Each leader gives every session a full timeout.
    [Fact]
    public void What_stays_long_passes_when_leaders_change() => Passes(
    [
        Create(1, at: 0, zxid: 1), Leave(1, at: 5), Read(at: Late + 10, zxid: 2, 1), .. Calm(0, Late / 2),
        .. Calm(Late / 2, Late + 1000, leader: 2),
    ]);

    [Fact]
    public void What_nobody_created_is_found() => Finds("phantom", Read(at: 10, zxid: 2, 9));

    [Fact]
    public void What_was_refused_and_is_there_is_found() => Finds("refused",
        Create(1, at: 0, zxid: 1) with { Error = Operation.NodeExists }, Read(at: 10, zxid: 2, 1));

    [Fact]
    public void A_session_told_too_early_that_it_expired_is_found() => Finds("expired-early",
        Leave(1, at: 0) with { Completed = Ns(TimeoutMs - 1), Error = Operation.SessionExpired });

    [Fact]
    public void Silence_within_the_timeout_must_be_survived()
    {
        Assert.Empty(Judge(Silence(TimeoutMs + 1, Operation.SessionExpired)));
        Assert.Equal("expired-early", Assert.Single(Judge(Silence(TimeoutMs - 1, Operation.SessionExpired))).Rule);
    }

    [Fact]
    public void Silence_for_very_long_must_not_be_survived()
    {
        Assert.Empty(Judge([Silence(TimeoutMs + 1, error: 0), .. Calm(0, Late + 1000)]));
        Assert.Empty(Judge(Silence(Late, error: 0)));
        Assert.Equal("expired-late", Assert.Single(Judge([Silence(Late, error: 0), .. Calm(0, Late + 1000)])).Rule);
    }

    private static void Passes(params Operation[] history) => Assert.Empty(EphemeralRules.Check(history).Findings);

    private static void Finds(string rule, params Operation[] history) =>
        Assert.Contains(EphemeralRules.Check(history).Findings, finding => finding.Rule == rule);

    private static IReadOnlyList<Finding> Judge(params Operation[] history) => ExpiryRules.Check(history).Findings;

    private static long Ns(int milliseconds) => milliseconds * 1_000_000L;

    private static IEnumerable<Operation> Calm(int from, int to, int leader = 1) =>
        Enumerable.Range(from / 200, (to - from) / 200).Select(i =>
            Make(OperationKind.Probe, session: 0, at: i * 200, zxid: 0) with { Node = leader });

    private static Operation Create(int session, int at, long zxid) =>
        Make(OperationKind.CreateEphemeral, session, at, zxid) with { Tag = session };

    private static Operation Delete(int session, int at, long zxid) =>
        Make(OperationKind.Delete, session, at, zxid) with { Tag = session };

    private static Operation Close(int session, int at, long zxid) =>
        Make(OperationKind.CloseSession, session, at, zxid) with { Key = "" };

    private static Operation Leave(int session, int at) =>
        Make(OperationKind.LoseSession, session, at, zxid: 0) with
        {
            Key = "", Completed = Operation.Never, Amount = TimeoutMs, Expected = TimeoutMs, Tag = Ns(at),
        };

    private static Operation Read(int at, long zxid, params long[] held) =>
        Make(OperationKind.Read, session: 99, at, zxid) with { Text = Numbers.Write(held) };

    private static Operation Silence(int lasted, int error) =>
        Make(OperationKind.Silence, session: 1, at: 0, zxid: 0) with
        {
            Amount = TimeoutMs, Expected = TimeoutMs, Completed = Ns(lasted), Error = error,
            Text = $"{Ns(lasted)}",
        };

    private static Operation Make(OperationKind kind, int session, int at, long zxid) => new()
    {
        Process = session, Session = session, Key = "/jepsen/ephemerals/live", Kind = kind, Invoked = Ns(at),
        Completed = Ns(at) + 500_000, Zxid = zxid,
    };
}
