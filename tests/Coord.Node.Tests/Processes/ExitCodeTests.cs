using System.Diagnostics;
using System.Net.Sockets;
using Coord.Node.Hosting;
using Coord.Node.Tests.Peers;

namespace Coord.Node.Tests.Processes;

/// <summary>What the node's program ends with, and the one line that it says first (design.md section 4).</summary>
public sealed class ExitCodeTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-exit-");

    [Fact]
    public void Two_for_wrong_settings_with_one_line()
    {
        var file = Config(TestPeer.Cluster(1));
        Ends(2, "coord: command line: --node = 4: no such node in the cluster's file; listed are 1",
            "--config", file, "--node", "4", "--data", Data);
        Ends(2, $"coord: {folder}/none.json: no such file; --config names the cluster's file (see cluster.json)",
            "--config", $"{folder}/none.json", "--node", "1", "--data", Data);
        Ends(2, "coord: data: give the node's data directory with --data DIR", "--config", file, "--node", "1");
        Ends(2, "coord: config: name the cluster's file with --config FILE, or start with --dev");
    }

    [Theory]
    [InlineData(0, "client")]
    [InlineData(1, "peer")]
    [InlineData(2, "admin")]
    public void Two_for_a_port_in_use_with_the_key_that_names_it(int which, string key)
    {
        var cluster = TestPeer.Cluster(2);
        var address = which switch
        {
            0 => cluster.Nodes[0].Client,
            1 => cluster.Nodes[0].Peer,
            _ => cluster.Nodes[0].Admin,
        };
        using var taken = new TcpListener(address.Resolve());
        taken.Start();
        Ends(
            2,
            $"coord: cluster.json: nodes[0].{key} = \"{address}\": the port is in use; stop the program that holds it, "
            + "or give this node another one",
            "--config", Config(cluster), "--node", "1", "--data", Data);
    }

    [Fact]
    public void Three_for_data_of_another_node_and_for_data_in_use()
    {
        var cluster = TestPeer.Cluster(2);
        using (var first = new NodeProcess("--config", Config(cluster), "--node", "1", "--data", Data))
        {
            first.WaitFor("start 1");
            using var second = new NodeProcess("--dev", $"--nodes:0:client={NodePair.Free().Client}",
                $"--nodes:0:admin={NodePair.Free().Admin}", "--data", Data);
            Assert.Equal(ExitCodes.DataUnusable, second.WaitForExit());
            Assert.Contains("Data unusable", second.Output, StringComparison.Ordinal);
        }

        using var other = new NodeProcess("--config", Config(cluster), "--node", "2", "--data", Data);
        Assert.Equal(ExitCodes.DataUnusable, other.WaitForExit());
        Assert.Contains("the directory belongs to node 1, not to node 2", other.Output, StringComparison.Ordinal);
    }

    /// <summary>What it says goes into a pipe that is full: a supervisor waits for the exit code.</summary>
    [Fact]
    public void Three_also_when_nobody_reads_what_it_says()
    {
        var config = Config(TestPeer.Cluster(2));
        using (var first = new NodeProcess("--config", config, "--node", "1", "--data", Data))
            first.WaitFor("start 1");

        using var node = Process.Start(new ProcessStartInfo(
            "sh",
            [
                "-c",
                "dd if=/dev/zero of=/dev/fd/3 bs=4096 oflag=nonblock 3>&1 2>/dev/null; exec \"$@\" 2>&1",
                "sh", .. NodeProcess.Command, "--config", config, "--node", "2", "--data", Data,
            ])
        {
            RedirectStandardOutput = true,
        })!;
        try
        {
            Assert.True(node.WaitForExit(NodeProcess.Patience));
            Assert.Equal(ExitCodes.DataUnusable, node.ExitCode);
        }
        finally
        {
            node.Kill();
        }
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public void Zero_after_a_signal_to_stop_while_serving_and_while_waiting(string signal)
    {
        using var serving = NodeProcess.Dev(out var ports, "--limits:stopTimeoutMs=500");
        using var client = new RawClient(ports.Client).Handshake();
        Assert.Equal(0, client.Create(1, "/a"));
        serving.Signal(signal);
        Assert.Equal(ExitCodes.Stopped, serving.WaitForExit());
        Assert.Empty(client.ReceiveToEnd());

        using var waiting = new NodeProcess("--config", Config(TestPeer.Cluster(3)), "--node", "1", "--data", Data);
        waiting.WaitFor("Waiting for the cluster: a new cluster begins when all nodes were there once; not yet: 2, 3");
        waiting.Signal(signal);
        Assert.Equal(ExitCodes.Stopped, waiting.WaitForExit());
    }

    [Fact]
    public void A_development_node_leaves_no_folder_behind()
    {
        using var node = NodeProcess.Dev(out _);
        var data = node.Output.Split("data ")[1].Split('\n')[0].Trim();
        Assert.True(Directory.Exists(data), data);
        node.Signal("TERM");
        Assert.Equal(ExitCodes.Stopped, node.WaitForExit());
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public void Help_names_every_option_and_ends_with_zero()
    {
        using var node = new NodeProcess("--help");
        Assert.Equal(0, node.WaitForExit());
        foreach (var option in new[] { "--config", "--node", "--data", "--dev", "COORD__zookeeper__tickTime" })
            Assert.Contains(option, node.Output, StringComparison.Ordinal);
    }

    public void Dispose() => folder.Delete(recursive: true);

    private string Data => Path.Combine(folder.FullName, "data");

    private static void Ends(int code, string line, params string[] arguments)
    {
        using var node = new NodeProcess(arguments);
        Assert.Equal(code, node.WaitForExit());
        Assert.Equal(line, node.Output.Trim());
    }

    private string Config(ClusterConfig cluster)
    {
        var path = Path.Combine(folder.FullName, "cluster.json");
        var text = System.Text.Json.JsonSerializer.Serialize(new
        {
            cluster = "test",
            nodes = cluster.Nodes.Select(node => new
            {
                id = node.Id.Value,
                client = $"{node.Client}",
                peer = $"{node.Peer}",
                admin = $"{node.Admin}",
            }),
        });
        File.WriteAllText(path, text);
        return path;
    }
}
