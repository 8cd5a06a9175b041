using System.Diagnostics;
using System.Text.Json;
using Coord.Node.Hosting;

namespace Coord.Node.Tests.Processes;

/// <summary>deploy/local-cluster.sh, the launcher that every tool and benchmark uses (design.md section 4).</summary>
public sealed class LocalClusterTests : IDisposable
{
    private static readonly HttpClient Http = new() { Timeout = NodeProcess.Patience };
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("coord-local-");
    private readonly int port = FreePort();

    [Fact]
    public async Task A_cluster_starts_loses_a_node_gets_it_back_and_stops()
    {
        var (code, line) = Run("start", folder.FullName, "3", $"{port}");
        Assert.Equal(0, code);
        var ports = Enumerable.Range(port, 3).ToArray();
        Assert.StartsWith(
            $"hosts={string.Join(',', ports.Select(p => $"127.0.0.1:{p}"))} pids=", line, StringComparison.Ordinal);
        var pids = line.Trim().Split("pids=")[1].Split(',').Select(int.Parse).ToArray();
        Assert.All(pids, (pid, i) => Assert.Equal($"{pid}", File.ReadAllText($"{folder}/{i + 1}/pid").Trim()));
        var first = new NodeAddress("127.0.0.1", port);
        using (var client = new RawClient(first).Handshake())
        {
            Assert.Equal(0, client.Create(1, "/before"));
            Assert.Contains("(queued=0,recved=1,sent=2)", RawClient.Ask(first, "stat"), StringComparison.Ordinal);
        }

        Assert.Equal(0, Run("kill", folder.FullName, "2").Code);
        Assert.True(HasEnded(pids[1]));
        using (var client = new RawClient(new NodeAddress("127.0.0.1", port + 2)).Handshake())
            Assert.Equal(0, client.Create(1, "/without"));

        Assert.Equal(0, Run("restart", folder.FullName, "2").Code);
        await UntilEqualDigestsAsync();
        Assert.Equal(0, Run("pause", folder.FullName, "3").Code);
        Assert.Contains("State:\tT", File.ReadAllText($"/proc/{pids[2]}/status"), StringComparison.Ordinal);
        Assert.Equal(0, Run("resume", folder.FullName, "3").Code);
        Assert.Equal(0, Run("stop", folder.FullName).Code);
        Assert.All(pids, pid => Assert.True(HasEnded(pid), $"{pid}"));
        Assert.Contains("Stopped", File.ReadAllText($"{folder}/1/out"), StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_are_told_and_leave_nothing_running()
    {
        Assert.Equal(2, Run("begin", folder.FullName).Code);
        Assert.Equal(1, Run("kill", folder.FullName, "9").Code);
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port + 1);
        taken.Start();
        var (code, output) = Run("start", folder.FullName, "3", $"{port}");
        Assert.Equal(1, code);
        Assert.Contains("the port is in use", output, StringComparison.Ordinal);
        foreach (var file in folder.EnumerateFiles("pid", SearchOption.AllDirectories))
            Assert.True(HasEnded(int.Parse(File.ReadAllText(file.FullName))));
    }

    public void Dispose()
    {
        Run("stop", folder.FullName);
        folder.Delete(recursive: true);
    }

    /// <summary>The digests of all nodes at one index; waits for them to be there, not for time to pass.</summary>
    private async Task UntilEqualDigestsAsync()
    {
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < NodeProcess.Patience)
        {
            var seen = new HashSet<(long Index, string? Digest)>();
            for (var node = 0; node < 3; node++)
                seen.Add(await DigestAsync(port + 200 + node));
            if (seen.Count == 1 && seen.First().Index > 0)
                return;
        }

        throw new TimeoutException("The nodes' digests do not become equal.");
    }

    private static async Task<(long Index, string? Digest)> DigestAsync(int port)
    {
        try
        {
            var text = await Http.GetStringAsync($"http://127.0.0.1:{port}/commands/raft");
            using var json = JsonDocument.Parse(text);
            var report = json.RootElement;
            return (report.GetProperty("digest_index").GetInt64(), report.GetProperty("digest").GetString());
        }
        catch (HttpRequestException)
        {
            return (-port, null); // Not up yet.
        }
    }

    private static (int Code, string Output) Run(params string[] arguments)
    {
        var script = new ProcessStartInfo("bash") { RedirectStandardOutput = true, RedirectStandardError = true };
        script.ArgumentList.Add(Path.Combine(RepositoryRoot(), "deploy", "local-cluster.sh"));
        foreach (var argument in arguments)
            script.ArgumentList.Add(argument);
        script.Environment["COORD_NODE_DLL"] = NodeProcess.Program;
        using var process = Process.Start(script)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

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

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Coord.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No Coord.sln above the tests.");
        return folder.FullName;
    }

    // The launcher takes a first port and derives the rest; below the range that the kernel hands out to others.
    private static int FreePort() => 10_000 + (Random.Shared.Next(1_500) * 10);
}
