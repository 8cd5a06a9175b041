namespace Coord.Simulation.Runs;

/// <summary>What many seeds did together.</summary>
internal sealed class RunTotals
{
    private int _seeds;
    private long _elections;
    private long _crashes;
    private long _installs;
    private long _committed;
    private long _answered;
    private long _expired;
    private long _events;

    public int Failures { get; set; }

    public void Add(RunReport report)
    {
        _seeds++;
        _elections += report.Elections;
        _crashes += report.Crashes;
        _installs += report.Installs;
        _committed += report.Committed;
        _answered += report.Answered;
        _expired += report.Expired;
        _events += report.Events;
    }

    public override string ToString() =>
        $"seeds={_seeds + Failures} failures={Failures} elections={_elections} crashes={_crashes} "
        + $"installs={_installs} committed={_committed} answered={_answered} expired={_expired} events={_events}";
}
