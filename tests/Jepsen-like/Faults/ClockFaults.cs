namespace Coord.JepsenLike.Faults;

/// <summary>
/// Clocks that lie. A wall clock may show any time: nothing but displayed times may depend on it. Monotonic clocks
/// never jump, but go too fast or too slow, each node's at a rate of its own: elections come sooner or later, and a
/// session's timeout is as long as the leader's clock says.
/// </summary>
internal static class ClockFaults
{
    /// <summary>The family of clocks that drift apart by less than leader leases stand.</summary>
    public const string Drift = "drift";

    /// <summary>The family of clocks that drift apart by more than any clock does.</summary>
    public const string WildDrift = "wild-drift";

    private const string Clock = "clock";

    // From what a leap second or a bad time server does to what a dead battery does.
    private static readonly double[] JumpSeconds = [0.25, 1, 10, 3_600, 86_400, 700_000_000];

    // The fastest may gain 10 % on the slowest (raft-design Q10).
    private static readonly double[] Rates = [0.956, 0.98, 1.02, 1.044];

    private static readonly double[] WildRates = [0.5, 0.8, 1.2, 2];

    private static readonly TimeSpan StrobeInterval = TimeSpan.FromMilliseconds(50);

    public static IEnumerable<Fault> All { get; } =
    [
        Jump("jump-clock-leader", scene => [scene.Leader]) with { Weight = 2 },
        Jump("jump-clock-follower", scene => [scene.Follower]),
        Jump("jump-clocks-all", scene => scene.All),
        new(Clock, "strobe-clock", StrobeAsync) { Needs = ClusterNeeds.Clocks },
        Rated(Drift, "drift-leader", Rates, scene => [scene.Leader]),
        Rated(Drift, "drift-follower", Rates, scene => [scene.Follower]),
        Rated(Drift, "drift-all", Rates, scene => scene.All),
        Rated(WildDrift, "wild-drift-leader", WildRates, scene => [scene.Leader]),
        Rated(WildDrift, "wild-drift-all", WildRates, scene => scene.All),
    ];

    /// <summary>The rate of the fastest clock under these families: so much sooner may a session end.</summary>
    public static double FastestRate(IEnumerable<string> nemeses) => RatesOf(nemeses).Max();

    /// <summary>The rate of the slowest clock under these families: so much longer may a session last.</summary>
    public static double SlowestRate(IEnumerable<string> nemeses) => RatesOf(nemeses).Min();

    private static double[] RatesOf(IEnumerable<string> nemeses) =>
    [
        1, .. nemeses.SelectMany(nemesis => nemesis == Drift ? Rates : nemesis == WildDrift ? WildRates : []),
    ];

    private static Fault Jump(string name, Func<FaultScene, int[]> victims) => new(Clock, name, async (scene, stop) =>
    {
        var nodes = victims(scene);
        foreach (var node in nodes)
            ClockOf(scene, node).Move(DrawJump(scene.Random));
        await scene.CalmAsync(500, 3500, stop);
        Reset(scene, nodes);
    }) { Needs = ClusterNeeds.Clocks };

    /// <summary>One node's wall clock jumps to and fro many times a second.</summary>
    private static async Task StrobeAsync(FaultScene scene, CancellationToken stop)
    {
        var node = scene.All[scene.Random.Next(scene.All.Length)];
        for (var i = 0; i < 40; i++)
        {
            ClockOf(scene, node).Move(i % 2 == 0 ? DrawJump(scene.Random) : TimeSpan.Zero);
            await FaultScene.CalmAsync(StrobeInterval, stop);
        }

        Reset(scene, [node]);
    }

    /// <summary>
    /// Nodes are killed and come back with clocks of another rate, for a while; then with true ones.
    /// </summary>
    private static Fault Rated(
        string nemesis, string name, double[] rates, Func<FaultScene, int[]> victims) =>
        new(nemesis, name, async (scene, stop) =>
        {
            var nodes = victims(scene);
            foreach (var node in nodes)
                ClockOf(scene, node).Rate = rates[scene.Random.Next(rates.Length)];
            await RestartAsync(scene, nodes);
            await scene.CalmAsync(3_000, 8_000, stop);
            foreach (var node in nodes)
                ClockOf(scene, node).Rate = 1;
            await RestartAsync(scene, nodes);
        }) { Needs = ClusterNeeds.Clocks };

    private static async Task RestartAsync(FaultScene scene, int[] nodes)
    {
        await Task.WhenAll(nodes.Select(scene.Cluster.KillAsync));
        await Task.WhenAll(nodes.Select(scene.Cluster.RestartAsync));
    }

    private static TimeSpan DrawJump(Random random)
    {
        var time = TimeSpan.FromSeconds(JumpSeconds[random.Next(JumpSeconds.Length)]);
        return random.Next(2) == 0 ? time : -time;
    }

    private static void Reset(FaultScene scene, int[] nodes)
    {
        foreach (var node in nodes)
            ClockOf(scene, node).Move(TimeSpan.Zero);
    }

    private static NodeClock ClockOf(FaultScene scene, int node) => scene.Cluster.Clocks[node - 1];
}
