using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Runs;

namespace Coord.JepsenLike.Tests;

/// <summary>What clocks that drift leave of the promises about time.</summary>
public sealed class ClockRateTests
{
    // Raft-design Q10: the fastest clock may gain 10 % on the slowest.
    [Fact]
    public void Clocks_that_drift_stay_within_what_leases_stand()
    {
        string[] drift = [ClockFaults.Drift];
        Assert.InRange(ClockFaults.FastestRate(drift) / ClockFaults.SlowestRate(drift), 1.05, 1 / 0.9);
    }

    [Theory]
    [InlineData("kill,clock", 4_000)]
    [InlineData("kill,drift", 3_831)]
    [InlineData("drift,wild-drift", 2_000)]
    public void A_session_lasts_as_long_as_the_fastest_clock_says(string nemeses, int timeoutMs) =>
        Assert.Equal(timeoutMs, new RunOptions { Nemeses = nemeses.Split(',') }.LeastTimeoutMs(4_000));

    [Fact]
    public void Leases_are_not_tried_where_they_promise_nothing()
    {
        Assert.NotNull(RunOptions.Parse(["--leases", "on", "--nemesis", "drift"]));
        Assert.Null(RunOptions.Parse(["--leases", "on", "--nemesis", "kill,wild-drift"]));
    }
}
