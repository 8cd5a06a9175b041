using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// Hurts the cluster again and again, drawn from a seed, and heals it each time: after every fault all nodes must serve
/// again before the next one.
/// </summary>
internal sealed class Nemesis(
    LocalCluster cluster, IReadOnlyList<Fault> faults, RunClock clock, int seed, Action<string> tell)
{
    private readonly Fault[] draw = [.. faults.SelectMany(fault => Enumerable.Repeat(fault, fault.Weight))];
    private readonly Random random = new(seed);

    public List<FaultRecord> Done { get; } = [];

    /// <summary>Goes on until told to stop; when it returns, everything is healed.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            await FaultScene.CalmAsync(TimeSpan.FromMilliseconds(random.Next(300, 1500)), stop);
            if (stop.IsCancellationRequested)
                return;

            var fault = draw[random.Next(draw.Length)];
            var leader = await cluster.LeaderAsync() ?? random.Next(1, cluster.Nodes.Count + 1);
            tell($"{fault.Name} (leader is node {leader})");
            var began = clock.Now;
            await fault.RunAsync(new FaultScene(cluster, random, leader), stop);
            var healed = clock.Now;
            await cluster.WaitUntilServingAsync();
            Done.Add(new FaultRecord(fault, leader, began, healed, clock.Now));
        }
    }
}
