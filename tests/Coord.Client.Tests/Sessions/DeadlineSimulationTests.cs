namespace Coord.Client.Tests;

/// <summary>
/// Acceptance scenarios 3 and 4: the holder's token fires before the next holder can start, for random timings, clock
/// rates 0.9 to 1.1, holders cut off, and followers cut from the leader that keep answering pings. A model of the
/// leader's own timer is the judge.
/// </summary>
public sealed class DeadlineSimulationTests
{
    private const double Timeout = 10;
    private const double HalfTick = Timeout / 4;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_client_gives_up_before_the_leader_does(bool isCoord)
    {
        var rule = isCoord ? ProofRule.ServerProves : ProofRule.ConfirmedWrites;
        for (var seed = 0; seed < 1000; seed++)
        {
            var (clientGaveUpAt, leaderExpiredAt) = Run(new Random(seed), rule);
            Assert.True(
                clientGaveUpAt <= leaderExpiredAt,
                $"seed {seed}: the client let go at {clientGaveUpAt:F3}, the leader at {leaderExpiredAt:F3}");
        }
    }

    /// <summary>
    /// Shows that the scenario can fail: counting every reply is wrong when a follower is cut off and keeps answering
    /// pings.
    /// </summary>
    [Fact]
    public void Counting_any_reply_is_caught_by_the_same_scenario()
    {
        var caught = 0;
        for (var seed = 0; seed < 1000; seed++)
        {
            var (clientGaveUpAt, leaderExpiredAt) = Run(new Random(seed), ProofRule.AnyReply);
            caught += clientGaveUpAt > leaderExpiredAt ? 1 : 0;
        }

        Assert.True(caught > 100, $"only {caught} of 1000 runs showed the danger");
    }

    /// <summary>
    /// True time runs in steps; the client's clock runs at its own rate. At a random moment the follower loses the
    /// leader.
    /// </summary>
    private static (double Client, double Leader) Run(Random random, ProofRule rule)
    {
        var rate = 0.9 + (0.2 * random.NextDouble());
        var cutAt = 5 + (30 * random.NextDouble());
        var followerAnswers = random.Next(2) == 0;
        var latency = 0.001 + (0.5 * random.NextDouble());
        var phase = HalfTick * random.NextDouble();
        var deadline = new SessionDeadline(TimeSpan.FromSeconds(Timeout), 0.1, rule, At(0, rate));
        deadline.RequireProof(At(0, rate));
        var model = new FollowerModel(rule, phase);
        double? clientGaveUpAt = null;
        var nextBeat = Timeout / 3 / rate;
        for (var now = 0.0; clientGaveUpAt is null && now < 200; now += 0.01)
        {
            if (deadline.HasPassed(At(now, rate)))
                clientGaveUpAt = now;
            model.Report(now, cutAt);
            if (now < nextBeat)
                continue;
            nextBeat = now + (Timeout / 3 / rate);
            var arrives = now + (latency / 2);
            var isConnected = arrives + (latency / 2) < cutAt;
            if (isConnected)
                model.Contact(arrives);
            if (isConnected)
                deadline.OnReply(At(now, rate), ReplyKind.Write);
            else if (followerAnswers)
                deadline.OnReply(At(now, rate), rule == ProofRule.AnyReply ? ReplyKind.Ping : ReplyKind.Read);
        }

        return (clientGaveUpAt ?? double.PositiveInfinity, model.LastContactAtLeader + Timeout);
    }

    private static Moment At(double trueSeconds, double rate) =>
        new(TimeSpan.FromSeconds(trueSeconds * rate).Ticks, TimeSpan.FromSeconds(trueSeconds * rate).Ticks);

    /// <summary>
    /// When the leader last heard of the session: at once where the server proves; with its follower's next half tick
    /// on plain ZooKeeper, if the follower still reaches it then.
    /// </summary>
    private sealed class FollowerModel(ProofRule rule, double phase)
    {
        private double? unreported;
        private double nextReport = phase;

        public double LastContactAtLeader { get; private set; }

        public void Contact(double at)
        {
            if (rule == ProofRule.ServerProves)
                LastContactAtLeader = at;
            else
                unreported = at;
        }

        public void Report(double now, double cutAt)
        {
            if (now < nextReport)
                return;
            nextReport += HalfTick;
            if (unreported is not null && now < cutAt)
                LastContactAtLeader = now;
            unreported = null;
        }
    }
}
