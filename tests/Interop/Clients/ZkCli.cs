namespace Coord.Interop.Clients;

/// <summary>ZooKeeper's own shell on ZooKeeper's own Java client, fed line by line.</summary>
internal sealed class ZkCli : IDisposable
{
    // The shell has no prompt without a terminal: after each command comes one whose answer is known.
    private const string MarkCommand = "printwatches";
    private const string Mark = "printwatches is on";

    private static readonly string[] Jars =
    [
        "zookeeper", "zookeeper-jute", "slf4j-api", "slf4j-nop", "netty-all", "commons-cli", "commons-io",
        "snappy-java", "metrics-core", "jackson-core", "jackson-databind", "jackson-annotations",
    ];

    private readonly ClientProcess _client;

    private ZkCli(ClientProcess client) => _client = client;

    public static bool IsInstalled => File.Exists("/usr/bin/java") && File.Exists("/usr/share/java/zookeeper.jar");

    public int ProcessId => _client.Id;

    public static async Task<ZkCli> ConnectAsync(int timeoutMs = 10_000)
    {
        var path = string.Join(':', Jars.Select(jar => $"/usr/share/java/{jar}.jar").Where(File.Exists));
        var client = new ClientProcess(
            "/bin/bash", "-c", "exec \"$@\" 2>&1", "zkCli", "/usr/bin/java", "-Xmx128m", "-cp", path,
            "org.apache.zookeeper.ZooKeeperMain", "-server", InteropCluster.Hosts, "-timeout", $"{timeoutMs}");
        await client.UntilAsync(l => l.Contains("state:SyncConnected", StringComparison.Ordinal), "it was connected");
        return new ZkCli(client);
    }

    /// <summary>Runs a command and returns everything the shell printed, watch events included.</summary>
    public async Task<string> RunAsync(string command)
    {
        _client.Say(command);
        _client.Say(MarkCommand);
        var lines = new List<string>();
        await _client.UntilAsync(
            line =>
            {
                lines.Add(line);
                return line == Mark;
            },
            $"it answered {command}");
        return string.Join('\n', lines[..^1]);
    }

    public Task<string> UntilAsync(string text) =>
        _client.UntilAsync(l => l.Contains(text, StringComparison.Ordinal), $"it printed {text}");

    public void Kill() => _client.Kill();

    /// <summary>Closes the session.</summary>
    public async Task QuitAsync()
    {
        _client.Say("quit");
        await _client.EndAsync();
    }

    public void Dispose() => _client.Dispose();
}
