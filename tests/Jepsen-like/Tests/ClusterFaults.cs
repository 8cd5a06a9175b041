using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Faults;
using Coord.JepsenLike.Runs;

namespace Coord.JepsenLike.Tests;

/// <summary>One fault of the catalog against a cluster, and a session that is there before and after.</summary>
internal sealed class ClusterFaults : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string Path = "/before";

    private readonly SessionClient session;
    private byte[] written = [];

    private ClusterFaults(LocalCluster cluster)
    {
        Cluster = cluster;
        session = new SessionClient(cluster.Nodes, firstNode: 1, TimeSpan.FromSeconds(5), timeoutMs: 30_000);
    }

    public LocalCluster Cluster { get; }

    public static async Task<ClusterFaults> StartAsync(
        ClusterNeeds needs = ClusterNeeds.None, string? otherBuild = null)
    {
        var launcher = new RunOptions().CreateLauncher();
        var faults = new ClusterFaults(await LocalCluster.StartAsync(launcher, nodes: 3, needs, otherBuild));
        await faults.WriteAsync();
        return faults;
    }

    /// <summary>Does the fault and heals it, then asks the same session for what it wrote before.</summary>
    /// <returns>What the fault told of itself.</returns>
    public async Task<string> RunAsync(string name)
    {
        var fault = FaultCatalog.All.Single(fault => fault.Name == name);
        var scene = new FaultScene(Cluster, new Random(1), await Cluster.WaitUntilServingAsync());
        await fault.RunAsync(scene, TestContext.Current.CancellationToken);
        await Cluster.WaitUntilServingAsync();
        await ReadAsync();
        return scene.Note;
    }

    public async ValueTask DisposeAsync()
    {
        session.Dispose();
        await Cluster.DisposeAsync();
    }

    private async Task WriteAsync()
    {
        await AttachAsync();
        written = Wire.Datum(amount: 1, tag: 2);
        Assert.Equal(0, (await session.CreateAsync(Path, written)).Error);
    }

    private async Task ReadAsync()
    {
        // The connection may be gone without a word of it yet.
        session.MoveOn();
        await AttachAsync();
        var reply = await session.SyncAndGetDataAsync(Path);
        Assert.Equal((1, 2), (reply.DatumAndStat().Amount, reply.DatumAndStat().Tag));
        Assert.Equal(0, session.Expirations);
    }

    private async Task AttachAsync()
    {
        using var timer = new CancellationTokenSource(Patience);
        await session.ConnectAsync(timer.Token);
    }
}
