using System.Buffers;
using System.Text;
using Coord.Node.Admin;
using Coord.Node.Replica;
using Coord.Protocol;
using Coord.Raft;
using Coord.StateMachine;

namespace Coord.Node.Tests.Replica;

/// <summary>
/// design.md section 10: a dump is gathered in bounded steps, from a tree that goes on changing between them.
/// </summary>
public sealed class SessionReportsTests
{
    private readonly ZnodeTree tree = new();
    private readonly ReplicaView view = new(new NodeId(1), processStart: 1);
    private readonly SessionExpiry expiry = new();
    private long index;

    [Fact]
    public void Sessions_have_their_ephemerals_and_on_a_leader_their_end()
    {
        view.BeginTurn(nowMs: 1_000, wallClockMs: 50_000);
        var silent = NewSession();
        var owner = NewSession();
        expiry.Track(owner, timeoutMs: 4_000, nowMs: 500);
        CreateEphemerals(owner, 3);
        var report = Finish(Reports(100_000), out _);
        Assert.False(report.IsCut);
        Assert.Equal([silent, owner], report.Sessions.Select(session => session.Id));
        Assert.Equal([null, 53_500L], report.Sessions.Select(session => session.ExpiresMs));
        Assert.Equal(["/e0", "/e1", "/e2"], report.Sessions[1].Ephemerals.Order());
    }

    [Fact]
    public void A_step_copies_a_bounded_number_of_paths()
    {
        CreateEphemerals(NewSession(), 5_000);
        var report = Finish(Reports(100_000), out var steps);
        Assert.Equal(5_000, Assert.Single(report.Sessions).Ephemerals.Count);
        Assert.InRange(steps, 4, 5);
    }

    [Fact]
    public void A_report_holds_no_more_paths_than_its_limit_and_says_so()
    {
        CreateEphemerals(NewSession(), 50);
        var report = Finish(Reports(40), out _);
        Assert.True(report.IsCut);
        Assert.Equal(40, report.Sessions.Sum(session => session.Ephemerals.Count));
        Assert.False(Finish(Reports(51), out _).IsCut);
    }

    /// <summary>
    /// A deletion moves the last ephemeral to its place: what stays must not be passed over by that.
    /// </summary>
    [Fact]
    public void What_stays_is_in_the_report_however_much_goes_meanwhile()
    {
        var owner = NewSession();
        CreateEphemerals(owner, 5_000);
        var reports = Reports(100_000);
        var wanted = Begin(reports);
        reports.Step(tree);
        reports.Step(tree);
        for (var number = 0; number < 2_500; number += 5)
            Delete(owner, $"/e{number}");
        while (reports.HasWork)
            reports.Step(tree);
        var found = Made(wanted).Sessions.Single().Ephemerals.ToHashSet();
        for (var number = 0; number < 5_000; number++)
            Assert.True(number % 5 == 0 || found.Contains($"/e{number}"), $"/e{number} is missing");
    }

    [Fact]
    public void A_session_that_ends_meanwhile_loses_its_ephemerals_and_nothing_else_happens()
    {
        var owner = NewSession();
        CreateEphemerals(owner, 3_000);
        var reports = Reports(100_000);
        var wanted = Begin(reports);
        reports.Step(tree);
        reports.Step(tree);
        tree.Apply(++index, EntryCodec.SessionEnd(
            new EntryHeader { Command = EntryCommand.ExpireSession, SessionId = owner }));
        while (reports.HasWork)
            reports.Step(tree);
        Assert.InRange(Made(wanted).Sessions.Single().Ephemerals.Count, 1, 2_000);
    }

    [Fact]
    public void Who_asks_meanwhile_gets_the_same_report()
    {
        CreateEphemerals(NewSession(), 3_000);
        var reports = Reports(100_000);
        var first = Begin(reports);
        reports.Step(tree);
        var second = Begin(reports);
        while (reports.HasWork)
            reports.Step(tree);
        Assert.Same(Made(first), Made(second));
        Assert.NotSame(Made(first), Finish(reports, out _));
    }

    private static TaskCompletionSource<SessionReport> Begin(SessionReports reports)
    {
        var wanted = new TaskCompletionSource<SessionReport>();
        reports.Begin(new SessionReportWanted(wanted));
        return wanted;
    }

    private static SessionReport Made(TaskCompletionSource<SessionReport> wanted) => wanted.Task.Result;

    private SessionReports Reports(int pathsMax) =>
        new(view, expiry, NodeLimits.Default with { ReportedPathsMax = pathsMax });

    private SessionReport Finish(SessionReports reports, out int steps)
    {
        var wanted = Begin(reports);
        for (steps = 0; reports.HasWork; steps++)
            reports.Step(tree);
        return Made(wanted);
    }

    private long NewSession()
    {
        var header = new EntryHeader { Command = EntryCommand.CreateSession };
        tree.Apply(++index, EntryCodec.Session(header, 10_000, new byte[EntryCodec.PasswordHashLength]));
        return index;
    }

    private void CreateEphemerals(long session, int count)
    {
        for (var number = 0; number < count; number++)
        {
            var path = Encoding.ASCII.GetBytes($"/e{number}");
            var request = new CreateRequest { Path = path, EncodedAcl = OpenAcl, Flags = 1 };
            var record = new ArrayBufferWriter<byte>();
            var writer = new JuteWriter(record);
            writer.WriteInt32((int)OpCode.Create);
            request.Write(ref writer);
            writer.Complete();
            Ask(session, record.WrittenSpan);
        }
    }

    private void Delete(long session, string path)
    {
        var record = new ArrayBufferWriter<byte>();
        var writer = new JuteWriter(record);
        writer.WriteInt32((int)OpCode.Delete);
        new DeleteRequest { Path = Encoding.ASCII.GetBytes(path), Version = -1 }.Write(ref writer);
        writer.Complete();
        Ask(session, record.WrittenSpan);
    }

    private void Ask(long session, ReadOnlySpan<byte> request)
    {
        Assert.True(tree.TryGetSession(session, out var known));
        var header = new EntryHeader { SessionId = session, Attachment = known.Attachment };
        Assert.Equal(ErrorCode.Ok, tree.Apply(++index, EntryCodec.Request(header, [], request)).Error);
    }

    // One entry: everybody may do everything.
    private static byte[] OpenAcl =>
        [0, 0, 0, 1, 0, 0, 0, 31, 0, 0, 0, 5, .. "world"u8, 0, 0, 0, 6, .. "anyone"u8];
}
