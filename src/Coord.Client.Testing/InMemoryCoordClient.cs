namespace Coord.Client.Testing;

/// <summary>
/// The real client on a node of its own in this process, for tests that want an <see cref="ICoordClient"/> and nothing
/// of the cluster behind it: no faults, no second client, and time that runs with the machine's. Those are
/// <see cref="CoordTestCluster"/>'s.
/// </summary>
/// <example><code>
/// await using var coord = await InMemoryCoordClient.StartAsync();
/// </code></example>
public static class InMemoryCoordClient
{
    /// <summary>Starts a node and makes the client, which connects with its first call.</summary>
    /// <param name="options">Null: the defaults. Copied.</param>
    /// <param name="ct">Cancels before the start.</param>
    /// <returns>The client; the node ends as the test disposes it.</returns>
    /// <exception cref="ArgumentException">An option is wrong; every wrong one is named, and nothing runs.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing was started.</exception>
    public static async Task<CoordClient> StartAsync(
        CoordClientOptions? options = null, CancellationToken ct = default) =>
        MakeOwner(await CoordTestCluster.StartAsync(ct: ct).ConfigureAwait(false), options);

    /// <summary>Makes a client with which the cluster ends, at once if it cannot be made.</summary>
    internal static CoordClient MakeOwner(CoordTestCluster cluster, CoordClientOptions? options)
    {
        try
        {
            var client = cluster.CreateClient(options);
            client.WhenClosed += cluster.End;
            return client;
        }
        catch (Exception)
        {
            cluster.End();
            throw;
        }
    }
}
