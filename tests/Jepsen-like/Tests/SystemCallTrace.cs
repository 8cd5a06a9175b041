using System.Diagnostics;
using System.Globalization;

namespace Coord.JepsenLike.Tests;

/// <summary>strace, attached to one running node; detaches when disposed.</summary>
internal sealed class SystemCallTrace : IAsyncDisposable
{
    private const string Calls =
        "fdatasync,fsync,write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,read,recvfrom,recvmsg";

    private static readonly TimeSpan AttachPatience = TimeSpan.FromMinutes(1);

    private readonly Process process;

    private SystemCallTrace(Process process, string path) => (this.process, Path) = (process, path);

    public string Path { get; }

    public static async Task<SystemCallTrace> AttachAsync(int pid, string path)
    {
        var process = Process.Start(new ProcessStartInfo("strace", ["-f", "-ttt", "-T", "-yy", "-s", "0", "-e",
            $"trace={Calls}", "-o", path, "-p", pid.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("strace did not start");
        var trace = new SystemCallTrace(process, path);
        using var timer = new CancellationTokenSource(AttachPatience);
        var line = await process.StandardError.ReadLineAsync(timer.Token) ?? "";
        if (line.Contains("attached", StringComparison.Ordinal))
        {
            _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
            return trace;
        }

        await trace.DisposeAsync();
        var isForbidden = line.Contains("not permitted", StringComparison.Ordinal);
        Assert.SkipWhen(isForbidden, $"strace may not attach here: {line}");
        throw new InvalidOperationException($"strace: {line}");
    }

    /// <summary>Detaches; the trace is complete when this returns.</summary>
    public async Task StopAsync()
    {
        if (process.HasExited)
            return;

        // SIGINT lets strace detach; a killed strace would leave the node stopped.
        using var signal = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await signal.WaitForExitAsync();
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        process.Dispose();
    }
}
