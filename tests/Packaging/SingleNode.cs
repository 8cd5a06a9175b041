using System.Diagnostics;
using Coord.JepsenLike.Faults;

namespace Coord.Packaging;

/// <summary>A single node as a process of its own, from the program that was built with these tests.</summary>
public sealed class SingleNode : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo temporary = Directory.CreateTempSubdirectory("coord-node-");
    private readonly int port = FreePorts.Find(1);
    private Process? process;

    public string Address => $"127.0.0.1:{port}";

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo("dotnet", [
            "exec", Path.Combine(AppContext.BaseDirectory, "Coord.Node.dll"), "--dev",
            $"--nodes:0:client={Address}", $"--nodes:0:admin=127.0.0.1:{port + 100}"])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["TMPDIR"] = temporary.FullName;
        process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(Patience);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (!line.Contains("Leader in term", StringComparison.Ordinal))
                continue;
            // Read on, so that the node never waits for somebody to take what it prints.
            _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            return;
        }

        Assert.Fail("The node ended before it served.");
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }

        temporary.Delete(recursive: true);
    }
}
