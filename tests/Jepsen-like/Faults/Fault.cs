namespace Coord.JepsenLike.Faults;

/// <summary>One way to hurt a cluster.</summary>
/// <param name="Nemesis">The family that it belongs to, by which a run chooses: kill, pause, partition…</param>
/// <param name="Name">What reports call it.</param>
/// <param name="RunAsync">Hurts the cluster, waits, and takes back what it did, also when it is told to stop meanwhile;
/// the nodes need not serve yet when it ends.</param>
internal sealed record Fault(string Nemesis, string Name, Func<FaultScene, CancellationToken, Task> RunAsync)
{
    /// <summary>What the cluster must be started with.</summary>
    public ClusterNeeds Needs { get; init; }

    /// <summary>
    /// Whether it takes a copy of the data away for good. The cluster stands that once at a time: such a fault is never
    /// drawn together with another one.
    /// </summary>
    public bool TakesCopyAway { get; init; }

    /// <summary>A cluster of fewer nodes cannot be hurt in this way.</summary>
    public int NodesMin { get; init; } = 1;

    /// <summary>How much more often than a fault of weight 1 it is drawn.</summary>
    public int Weight { get; init; } = 1;
}
