using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// Hurts the cluster again and again, drawn from a seed, and heals it each time: after every round all nodes must serve
/// again before the next one. A round is one fault, or several of different families that overlap in time.
/// </summary>
/// <param name="cluster">To hurt.</param>
/// <param name="faults">To draw from.</param>
/// <param name="atOnce">How many faults a round has, where there are so many families.</param>
/// <param name="clock">Of the run.</param>
/// <param name="seed">Of all that is drawn.</param>
/// <param name="tell">What is being done.</param>
internal sealed class Nemesis(
    LocalCluster cluster, IReadOnlyList<Fault> faults, int atOnce, RunClock clock, int seed, Action<string> tell)
{
    // The second fault begins while the first one is at work, most often.
    private const int ApartMillisecondsMax = 1_200;

    private readonly FaultDraw draw = new(faults, atOnce);
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

            var leader = await cluster.LeaderAsync() ?? random.Next(1, cluster.Nodes.Count + 1);

            // Each has a random of its own, so that what one draws does not depend on when another one does.
            var round = draw.Next(random)
                .Select((fault, i) => RunAsync(fault, i, random.Next(), leader, stop)).ToArray();
            var records = await Task.WhenAll(round);
            await cluster.WaitUntilServingAsync();
            Done.AddRange(records.Select(record => record with { Served = clock.Now }));
        }
    }

    private async Task<FaultRecord> RunAsync(
        Fault fault, int place, int seedOfFault, int leader, CancellationToken stop)
    {
        var own = new Random(seedOfFault);
        if (place > 0)
            await Task.Delay(own.Next(ApartMillisecondsMax), CancellationToken.None);
        tell($"{fault.Name} (leader is node {leader})");
        var began = clock.Now;
        var scene = new FaultScene(cluster, own, leader);
        await fault.RunAsync(scene, stop);
        if (scene.Note.Length > 0)
            tell($"{fault.Name}: {scene.Note}");
        return new FaultRecord(fault, leader, began, clock.Now, clock.Now) { Note = scene.Note };
    }
}
