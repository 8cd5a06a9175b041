using System.Diagnostics;

namespace FlashSale.Running;

/// <summary>
/// A cluster of processes on this machine, driven by a launcher script: <c>deploy/local-cluster.sh</c>, or another with
/// the same verbs (start, stop, kill, restart), such as one for Apache ZooKeeper.
/// </summary>
internal sealed class LocalCluster : IAsyncDisposable
{
    private readonly string _launcher;
    private readonly string _folder;

    private LocalCluster(string launcher, string folder, IReadOnlyList<Node> nodes)
    {
        _launcher = launcher;
        _folder = folder;
        Nodes = nodes;
    }

    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>What a client connects to.</summary>
    public string Hosts => string.Join(',', Nodes.Select(n => $"{n.Host}:{n.Port}"));

    public static async Task<LocalCluster> StartAsync(
        string? launcher, string folder, int nodes, int firstPort, CancellationToken ct)
    {
        var script = launcher ?? FindLauncher();
        try
        {
            var (code, output) = await RunAsync(script, ct, "start", folder, $"{nodes}", $"{firstPort}");
            var hosts = output.Split([' ', '\n']).LastOrDefault(w => w.StartsWith("hosts=", StringComparison.Ordinal));
            if (code != 0 || hosts is null)
                throw new SaleException($"{script} start ended with code {code}:\n{output.Trim()}");
            var list = hosts["hosts=".Length..].Split(',').Select((address, i) => Node.Parse(i + 1, address));
            return new LocalCluster(script, folder, [.. list]);
        }
        catch
        {
            // Some of the nodes may run already.
            await RunAsync(script, CancellationToken.None, "stop", folder);
            throw;
        }
    }

    public Task KillAsync(Node node, CancellationToken ct) => VerbAsync("kill", node, ct);

    public Task RestartAsync(Node node, CancellationToken ct) => VerbAsync("restart", node, ct);

    public async ValueTask DisposeAsync() => await RunAsync(_launcher, CancellationToken.None, "stop", _folder);

    private async Task VerbAsync(string verb, Node node, CancellationToken ct)
    {
        var (code, output) = await RunAsync(_launcher, ct, verb, _folder, $"{node.Id}");
        if (code != 0)
            throw new SaleException($"{_launcher} {verb} {node.Id} ended with code {code}:\n{output.Trim()}");
    }

    private static string FindLauncher()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "deploy", "local-cluster.sh");
            if (File.Exists(script))
                return script;
        }

        throw new SaleException("No deploy/local-cluster.sh above the program: name a launcher with --launcher.");
    }

    // Output goes to a file: the nodes inherit it, and a pipe would stay open for as long as they live.
    private static async Task<(int Code, string Output)> RunAsync(
        string script, CancellationToken ct, params string[] arguments)
    {
        var file = Path.Combine(Path.GetTempPath(), $"flash-sale-{Environment.ProcessId}-{Guid.NewGuid():N}.out");
        try
        {
            var start = new ProcessStartInfo("/bin/bash") { RedirectStandardInput = true };
            string[] words = ["-c", "exec \"$@\" >\"$0\" 2>&1", file, script, .. arguments];
            foreach (var word in words)
                start.ArgumentList.Add(word);
            using var process = Process.Start(start) ?? throw new SaleException("/bin/bash does not start.");
            await WaitOrKillAsync(process, ct);
            return (process.ExitCode, (await File.ReadAllTextAsync(file, ct)).Replace(file, script));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task WaitOrKillAsync(Process process, CancellationToken ct)
    {
        try
        {
            await process.WaitForExitAsync(ct);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
