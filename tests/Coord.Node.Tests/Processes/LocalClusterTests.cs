namespace Coord.Node.Tests.Processes;

/// <summary>deploy/local-cluster.sh, the launcher that every tool and benchmark uses (design.md section 4).</summary>
public sealed class LocalClusterTests : IDisposable
{
    private readonly LaunchedCluster cluster = new();

    [Fact]
    public void A_cluster_starts_loses_a_node_gets_it_back_and_stops()
    {
        var line = cluster.Do("start", "3", $"{cluster.FirstPort}");
        var ports = Enumerable.Range(cluster.FirstPort, 3).ToArray();
        Assert.StartsWith(
            $"hosts={string.Join(',', ports.Select(p => $"127.0.0.1:{p}"))} pids=", line, StringComparison.Ordinal);
        var pids = line.Trim().Split("pids=")[1].Split(',').Select(int.Parse).ToArray();
        Assert.All(pids, (pid, i) => Assert.Equal(pid, cluster.ProcessId(i + 1)));
        using (var client = new RawClient(cluster.Client(1)).Handshake())
        {
            Assert.Equal(0, client.Create(1, "/before"));
            Assert.Contains(
                "(queued=0,recved=2,sent=2)", RawClient.Ask(cluster.Client(1), "stat"), StringComparison.Ordinal);
        }

        cluster.Do("kill", "2");
        Assert.True(HasEnded(pids[1]));
        cluster.UntilServing(3);
        using (var client = new RawClient(cluster.Client(3)).Handshake())
            Assert.Equal(0, client.Create(1, "/without"));

        cluster.Do("restart", "2");
        UntilEqualDigests();
        cluster.Do("pause", "3");
        LaunchedCluster.Until("node 3 stands still", () =>
            File.ReadAllText($"/proc/{pids[2]}/status").Contains("State:\tT", StringComparison.Ordinal));
        cluster.Do("resume", "3");
        cluster.Do("stop");
        Assert.All(pids, pid => Assert.True(HasEnded(pid), $"{pid}"));
        Assert.Contains("Stopped", cluster.Log(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_are_told_and_leave_nothing_running()
    {
        var folder = cluster.Folder.FullName;
        Assert.Equal(2, cluster.Run("begin", folder).Code);
        Assert.Equal(1, cluster.Run("kill", folder, "9").Code);
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, cluster.FirstPort + 1);
        taken.Start();
        var (code, output) = cluster.Run("start", folder, "3", $"{cluster.FirstPort}");
        Assert.Equal(1, code);
        Assert.Contains("the port is in use", output, StringComparison.Ordinal);
        foreach (var file in cluster.Folder.EnumerateFiles("pid", SearchOption.AllDirectories))
            Assert.True(HasEnded(int.Parse(File.ReadAllText(file.FullName))));
    }

    /// <summary>raft-design L7: what others wait for does not depend on who is connected here.</summary>
    [Fact]
    public void A_leader_without_clients_hands_over_before_it_stops()
    {
        cluster.Start();
        var leader = cluster.Leader();
        using (var kill = System.Diagnostics.Process.Start("kill", ["-TERM", $"{cluster.ProcessId(leader)}"]))
            kill.WaitForExit();
        cluster.UntilLogged(leader, "Stopped");
        var last = cluster.Log(leader).Split("Stopping")[^1];
        Assert.Contains("Follower in term", last, StringComparison.Ordinal);
    }

    public void Dispose() => cluster.Dispose();

    /// <summary>The digests of all nodes at one index; waits for them to be there, not for time to pass.</summary>
    private void UntilEqualDigests() => LaunchedCluster.Until("equal digests at one index", () =>
    {
        var seen = Enumerable.Range(1, 3).Select(node => cluster.Report(node) is { } report
            ? (report.GetProperty("digest_index").GetInt64(), report.GetProperty("digest").GetString())
            : (-node, null)).ToHashSet();
        return seen.Count == 1 && seen.First().Item1 > 0;
    });

    /// <summary>Gone, or waiting to be reaped by a first process that is in no hurry.</summary>
    private static bool HasEnded(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/status").Contains("State:\tZ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }
}
