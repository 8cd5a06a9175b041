namespace Coord.Client.Tests;

/// <summary>What the tests of a contract share: a cluster, clients of it, and a path of their own.</summary>
public abstract class ClusterContract(ClusterFixture cluster) : IAsyncLifetime
{
    // Nodes are killed here, and a busy machine takes its time to start them again: no test waits for either to pass.
    private static readonly CoordClientOptions Patient = new()
    {
        SessionTimeout = TimeSpan.FromSeconds(30), RequestTimeout = TimeSpan.FromMinutes(1),
    };

    private readonly List<CoordClient> clients = [];

    protected ClusterFixture Cluster { get; } = cluster;

    /// <summary>A root that no other test uses; made before each test.</summary>
    protected string Root { get; } = $"/contract-{Guid.NewGuid():N}";

    protected CoordClient Coord { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Coord = Connect();
        await Coord.CreateAsync(Root).Soon();
    }

    public async ValueTask DisposeAsync()
    {
        await Coord.DeleteTreeAsync(Root).Soon();
        foreach (var client in clients)
            await client.DisposeAsync().Soon();
        GC.SuppressFinalize(this);
    }

    protected CoordClient Connect(CoordClientOptions? options = null, string? hosts = null)
    {
        var client = new CoordClient(hosts ?? Cluster.ConnectionString, options ?? Patient);
        clients.Add(client);
        return client;
    }

    protected string At(string name) => ZnodePath.Combine(Root, name);
}
