using System.Diagnostics;

namespace Coord.Client.Tests;

/// <summary>
/// A real cluster started by a launcher script; tests of it are skipped, with what to install, where it cannot be.
/// </summary>
public abstract class ClusterFixture : IAsyncLifetime
{
    private const string Hosts = "hosts=";
    private readonly string directory = Directory.CreateTempSubdirectory("coord-client-tests-").FullName;
    private string? connectionString;
    private bool isBegun;

    /// <summary>Why there is no cluster, or null.</summary>
    protected abstract string? Missing { get; }

    protected abstract string Launcher { get; }

    protected virtual int Nodes => 3;

    /// <summary>Variables that the launcher sees.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    protected static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Addresses of all nodes; skips the test when there is no cluster.</summary>
    public string ConnectionString
    {
        get
        {
            if (Missing is { } reason)
                Assert.Skip(reason);
            return connectionString!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (Missing is not null)
            return;
        isBegun = true;
        var line = await RunAsync("start", Nodes.ToString(), FreePorts.First(Nodes).ToString());
        var hosts = line.Split(' ').Single(part => part.StartsWith(Hosts, StringComparison.Ordinal));
        connectionString = hosts[Hosts.Length..];
    }

    public virtual async ValueTask DisposeAsync()
    {
        // Also what a start that failed has left running: xunit disposes of a fixture that it could not initialize.
        if (isBegun)
            await RunAsync("stop");
        Directory.Delete(directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    public Task KillAsync(int node) => RunAsync("kill", node.ToString());

    /// <summary>Starts a killed node and waits until it serves: only then may the next one be killed.</summary>
    public async Task RestartAsync(int node)
    {
        await RunAsync("restart", node.ToString());
        var options = new CoordClientOptions { RequestTimeout = TimeSpan.FromMinutes(1) };
        await using var probe = new CoordClient(connectionString!.Split(',')[node - 1], options);
        await probe.ConnectAsync();
    }

    private static string FindRoot()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (File.Exists(Path.Combine(at, "Coord.sln")))
                return at;
        }

        throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    /// <returns>The last line that the launcher printed.</returns>
    private async Task<string> RunAsync(string verb, params string[] arguments)
    {
        // The nodes inherit what they print to: a pipe would stay open for as long as they live, so it goes to a file.
        var output = Path.Combine(directory, "launcher.out");
        var command = $"'{Launcher}' {verb} '{directory}' {string.Join(' ', arguments)} >'{output}' 2>&1";
        var start = new ProcessStartInfo("bash", ["-c", command]);
        foreach (var (name, value) in Settings)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        var text = await File.ReadAllTextAsync(output);
        Assert.True(process.ExitCode == 0, $"{Launcher} {verb}: {text}");
        return text.Trim().Split('\n')[^1];
    }
}
