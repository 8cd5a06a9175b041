namespace Coord.Client.Testing;

/// <summary>Settings of a <see cref="CoordTestCluster"/>.</summary>
public sealed record CoordTestClusterOptions
{
    /// <summary>
    /// Whether time moves only when the test moves it (<see cref="CoordTestCluster.PassAsync(TimeSpan,
    /// CancellationToken)"/>, <see cref="CoordTestCluster.Time"/>). Default false: it runs with the machine's clock,
    /// slower where the machine stalls, and the test can move it ahead.
    /// </summary>
    public bool TimeStandsStill { get; init; }

    /// <summary>
    /// Whether the nodes announce nothing that only Coord can do, so that clients take the ways that they take on
    /// Apache ZooKeeper. Default false.
    /// </summary>
    public bool AsZooKeeper { get; init; }
}
