using Coord.Node.Hosting;

namespace Coord.Node.Tests.Processes;

/// <summary>
/// One session that writes one znode after another to one node, until told to stop; an answer that is no success ends
/// it with an error. What was acknowledged can be looked for later, on any node.
/// </summary>
internal sealed class WritingClient : IDisposable
{
    private const int Ok = 0;
    private const int Sync = 9;
    private const int SessionTimeoutMs = 40_000;

    private readonly string name;
    private readonly int bytesEach;
    private readonly RawClient client;
    private readonly Thread thread;
    private volatile bool isStopping;
    private volatile int acknowledged;
    private volatile Exception? failure;

    /// <param name="node">Where it writes.</param>
    /// <param name="name">Begins the names of its znodes; two clients need two.</param>
    /// <param name="bytesEach">Data of each znode.</param>
    public WritingClient(NodeAddress node, string name = "write", int bytesEach = 100)
    {
        this.name = name;
        this.bytesEach = bytesEach;
        client = new RawClient(node).Handshake(SessionTimeoutMs);
        thread = new Thread(Write) { IsBackground = true };
        thread.Start();
    }

    /// <summary>Waits for so many more acknowledged writes.</summary>
    public void UntilMore(int count)
    {
        var goal = acknowledged + count;
        LaunchedCluster.Until(
            $"{count} more writes of {name}", () => failure is not null || acknowledged >= goal,
            () => $"{acknowledged} of {goal} are acknowledged.");
        Assert.Null(failure);
    }

    /// <summary>Ends the writing. Throws what went wrong.</summary>
    public void Stop()
    {
        isStopping = true;
        thread.Join();
        Assert.Null(failure);
    }

    /// <summary>After <see cref="Stop"/>: looks on a node for everything that was acknowledged.</summary>
    public void AssertKeptBy(NodeAddress node)
    {
        using var reader = new RawClient(node).Handshake();
        Assert.Equal(Ok, reader.Request(1, Sync, RawClient.Text("/"))); // This node may be behind.
        var kept = reader.Children(2, "/").ToHashSet();
        for (var i = 0; i < acknowledged; i++)
            Assert.True(kept.Contains(Path(i)[1..]), $"{Path(i)} is lost on {node}");
    }

    public void Dispose()
    {
        isStopping = true;
        client.Dispose();
        thread.Join();
    }

    private void Write()
    {
        try
        {
            for (var i = 0; !isStopping; i++)
            {
                var error = client.Create(i + 1, Path(i), bytesEach);
                if (error != Ok)
                    throw new InvalidOperationException($"{Path(i)} was answered {error}");
                acknowledged = i + 1;
            }
        }
        catch (Exception e)
        {
            failure = e;
        }
    }

    private string Path(int i) => $"/{name}-{i:D7}";
}
