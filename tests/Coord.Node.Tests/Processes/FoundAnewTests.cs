using Coord.Node.Hosting;

namespace Coord.Node.Tests.Processes;

/// <summary>Two of three nodes are lost for good: the way back from the data of the third (raft-design M16).</summary>
public sealed class FoundAnewTests : IDisposable
{
    private readonly LaunchedCluster cluster = new LaunchedCluster().Start();

    private string Made => Path.Combine(cluster.Folder.FullName, "2", "made");

    [Fact]
    public void The_survivor_founds_a_new_cluster_and_the_others_are_let_in()
    {
        using (var client = new RawClient(cluster.Client(2)).Handshake())
        {
            Assert.Equal(0, client.Create(1, "/kept"));
            Assert.Equal(0, client.Create(2, "/kept/child"));
            Assert.Equal(0, client.Create(3, "/kept/ephemeral", flags: 1));
        }

        Assert.Contains("in use?", Found(ExitCodes.DataUnusable), StringComparison.Ordinal);
        cluster.Do("stop");
        Assert.Contains("Founded cluster", Found(ExitCodes.Stopped), StringComparison.Ordinal);
        Assert.Contains("belongs to a cluster already", Found(ExitCodes.WrongSettings), StringComparison.Ordinal);

        Directory.Move(cluster.Data(2), cluster.Data(2) + ".old");
        Directory.Move(Made, cluster.Data(2));
        cluster.Do("restart", "2");
        cluster.Until(2, "it leads alone", report => report.GetProperty("role").GetString() == "leader");

        // design.md section 10: sessions have seen what is lost, and are over; zxids begin above all they have seen.
        cluster.Until(2, "its log goes on", report => report.GetProperty("applied_index").GetInt64() > 1L << 40);
        cluster.UntilServing(2);
        using (var client = new RawClient(cluster.Client(2)).Handshake())
        {
            Assert.Equal(-110, client.Create(1, "/kept/child"));
            Assert.Equal(0, client.Create(2, "/kept/after"));
            Assert.Equal(["after", "child"], client.Children(3, "/kept").Order());
        }

        // What is left of the old cluster is another cluster, and stays out.
        cluster.Do("restart", "3");
        cluster.UntilLogged(3, "two clusters of one name");
        cluster.Do("kill", "3");
        Directory.Delete(cluster.Data(3), recursive: true);
        cluster.Do("restart", "3");
        cluster.UntilLogged(2, "node 3 is no member yet");
        var (_, told) = cluster.Post(2, "/commands/members/add?id=3");
        Assert.Contains("learner", told, StringComparison.Ordinal);
        cluster.Until(2, "node 3 votes", report =>
            report.GetProperty("membership").GetProperty("voters").GetArrayLength() == 2);
        cluster.UntilServing(3);
        using (var client = new RawClient(cluster.Client(3)).Handshake())
            Assert.Equal(-110, client.Create(1, "/kept/after"));
    }

    public void Dispose() => cluster.Dispose();

    private string Found(int code)
    {
        using var tool = new NodeProcess(
            "found-anew", "--config", Path.Combine(cluster.Folder.FullName, "cluster.json"), "--node", "2",
            "--data", cluster.Data(2), "--to", Made);
        Assert.Equal(code, tool.WaitForExit());
        return tool.Output;
    }
}
