using System.Text;
using Coord.Node.Admin;
using Coord.Node.Clients;
using Coord.Node.Replica;
using Coord.StateMachine;

namespace Coord.Node.Tests.Replica;

/// <summary>design.md section 10: watches are listed in bounded steps.</summary>
public sealed class WatchReportsTests
{
    private readonly WatchTable<ClientSession> watches = new();
    private readonly ClientSession first = new(new NoTransport()) { Id = 0x10 };
    private readonly ClientSession second = new(new NoTransport()) { Id = 0x20 };

    [Fact]
    public void A_session_and_a_path_come_once_in_whatever_ways_it_is_watched()
    {
        watches.TryAdd(WatchKind.Data, "/a"u8, first);
        watches.TryAdd(WatchKind.Child, "/a"u8, first);
        watches.TryAdd(WatchKind.Child, "/a"u8, second);
        var report = Finish(limit: 100_000, out _);
        Assert.False(report.IsCut);
        Assert.Equal(
            [new WatchedBySession(0x10, "/a"), new WatchedBySession(0x20, "/a")],
            report.Watches.OrderBy(watch => watch.Session));
    }

    [Fact]
    public void A_step_lists_a_bounded_number_of_watches()
    {
        AddMany(5_000);
        Assert.Equal(5_000, Finish(limit: 100_000, out var steps).Watches.Count);
        Assert.Equal(3, steps);
    }

    [Fact]
    public void A_report_holds_no_more_than_its_limit_and_says_so()
    {
        AddMany(50);
        Assert.True(Finish(limit: 40, out _).IsCut);
        Assert.Equal(40, Finish(limit: 40, out _).Watches.Count);
        Assert.False(Finish(limit: 50, out _).IsCut);
    }

    private void AddMany(int count)
    {
        for (var number = 0; number < count; number++)
            watches.TryAdd(WatchKind.Data, Encoding.ASCII.GetBytes($"/w{number}"), first);
    }

    private WatchReport Finish(int limit, out int steps)
    {
        var reports = new WatchReports(watches, NodeLimits.Default with { ReportedPathsMax = limit });
        var wanted = new TaskCompletionSource<WatchReport>();
        reports.Begin(new WatchReportWanted(wanted));
        for (steps = 0; reports.HasWork; steps++)
            reports.Step();
        return wanted.Task.Result;
    }
}
