using System.Net;

namespace Coord.Node.Tests.Processes;

/// <summary>Bits that flip in a log while its node is stopped (raft-design P21, P30, P31), on real processes.</summary>
public sealed class DamagedLogTests : IDisposable
{
    private const int SegmentHeaderBytes = 4_096;

    private readonly LaunchedCluster cluster = new();

    /// <summary>
    /// The danger: it votes or acknowledges with a log that misses what it had promised. It needs both others to heal,
    /// so with one of them down it must stay recovering; then it heals by itself, and counts again.
    /// </summary>
    [Fact]
    public void A_node_with_a_flipped_bit_recovers_from_the_others_and_takes_part_again()
    {
        cluster.Start();
        using var writing = new WritingClient(cluster.Client(1));
        writing.UntilMore(200);
        writing.Stop();
        cluster.Do("kill", "2");
        cluster.Do("kill", "3");
        FlipABit(2);
        cluster.Do("restart", "2");
        cluster.Until(2, "says what it lost", report =>
            report.GetProperty("recovering_because").GetString()?.Contains(".seg", StringComparison.Ordinal) == true);
        cluster.UntilLogged(2, "may have lost what it promised, and recovers");

        cluster.Do("restart", "3");
        cluster.UntilLogged(2, "This node has recovered");
        cluster.Until(2, "counts again", report => report.GetProperty("recovering_because").GetString() is null);
        cluster.Do("kill", "1");
        cluster.UntilServing(2);
        using (var client = new RawClient(cluster.Client(2)).Handshake())
            Assert.Equal(0, client.Create(1, "/with-the-healed-node"));
        writing.AssertKeptBy(cluster.Client(2));
    }

    /// <summary>raft-design P31: what two of three may have forgotten nobody knows, so nothing is guessed.</summary>
    [Fact]
    public void With_two_of_three_damaged_the_cluster_stops_and_names_the_reason()
    {
        const string Reason = "the disks of nodes 2, 3 lost part of what they held";
        int[] nodes = [1, 2, 3];
        cluster.Start();
        using var writing = new WritingClient(cluster.Client(1));
        writing.UntilMore(200);
        writing.Stop();
        Assert.All(nodes, node => cluster.Do("kill", $"{node}"));
        FlipABit(2);
        FlipABit(3);
        Assert.All(nodes, node => cluster.Do("restart", $"{node}"));
        foreach (var node in nodes)
        {
            cluster.Until(node, "names the reason", report => report.GetProperty("not_ready_because").GetString()
                ?.StartsWith(Reason, StringComparison.Ordinal) == true);
            cluster.UntilLogged(node, "Nodes 2, 3 may have lost what they promised, and are a majority of the voters");
            var (code, text) = cluster.Get(node, "/readyz");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, code);
            Assert.StartsWith(Reason, text, StringComparison.Ordinal);
        }

        Assert.All(nodes, node =>
            Assert.NotEqual("leader", cluster.Report(node)!.Value.GetProperty("role").GetString()));
    }

    public void Dispose() => cluster.Dispose();

    /// <summary>In the middle of what the newest segment holds: neither its header nor a torn tail.</summary>
    private void FlipABit(int node)
    {
        var segment = Directory.GetFiles(Path.Combine(cluster.Data(node), "log"), "*.seg")
            .Where(path => UsedBytes(File.ReadAllBytes(path)) > SegmentHeaderBytes).Max()!;
        var bytes = File.ReadAllBytes(segment);
        var middle = (SegmentHeaderBytes + UsedBytes(bytes)) / 2;
        bytes[Array.FindIndex(bytes, middle, b => b != 0)] ^= 0x10;
        File.WriteAllBytes(segment, bytes);
    }

    private static int UsedBytes(byte[] segment) => Array.FindLastIndex(segment, b => b != 0) + 1;
}
