using System.Text.Json;
using Coord.Node.Tests.Peers;

namespace Coord.Node.Tests.Processes;

/// <summary>
/// Monitoring asks a node long before it can serve: it must be told so, and clients must be sent elsewhere
/// (zookeeper-protocol 10.1).
/// </summary>
public sealed class WordsBeforeQuorumTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-words-");

    [Fact]
    public void A_node_that_waits_for_the_others_answers_words_and_takes_no_sessions()
    {
        var cluster = TestPeer.Cluster(2);
        var file = Path.Combine(folder.FullName, "cluster.json");
        File.WriteAllText(file, JsonSerializer.Serialize(new
        {
            cluster = "words",
            nodes = cluster.Nodes.Select(node => new
            {
                id = node.Id.Value, client = $"{node.Client}", peer = $"{node.Peer}", admin = $"{node.Admin}",
            }),
        }));
        using var waiting = new NodeProcess(
            "--config", file, "--node", "1", "--data", Path.Combine(folder.FullName, "data"));
        waiting.WaitFor("Waiting for the cluster");
        var address = cluster.Nodes[0].Client;
        Assert.Equal("imok", RawClient.Ask(address, "ruok"));
        Assert.Equal("null", RawClient.Ask(address, "isro"));
        Assert.StartsWith("Environment:\n", RawClient.Ask(address, "envi"), StringComparison.Ordinal);
        Assert.Equal(
            "This ZooKeeper instance is not currently serving requests\n", RawClient.Ask(address, "mntr"));
        using var client = new RawClient(address);
        client.SendFrame([.. RawClient.I32(0), .. RawClient.I64(0), .. RawClient.I32(10_000), .. client.Session]);
        Assert.Empty(client.ReceiveToEnd());
    }

    public void Dispose() => folder.Delete(recursive: true);
}
