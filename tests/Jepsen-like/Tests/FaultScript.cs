using System.Diagnostics;
using System.Globalization;
using System.Text;
using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>One of the scripts of deploy/faults while it runs; disposing it ends it as an operator would.</summary>
internal sealed class FaultScript : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly Process process;
    private readonly StringBuilder output = new();

    private FaultScript(string name, IEnumerable<string> arguments)
    {
        var root = Launcher.RepositoryRoot();
        process = Process.Start(new ProcessStartInfo(Path.Combine(root, "deploy", "faults", name), arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = root,
        }) ?? throw new InvalidOperationException($"{name} did not start");
        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Everything it has printed.</summary>
    public string Output
    {
        get
        {
            lock (output)
                return output.ToString();
        }
    }

    public static FaultScript Start(string name, IEnumerable<string> arguments) => new(name, arguments);

    public static async Task<(int Status, string Output)> RunAsync(string name, IEnumerable<string> arguments)
    {
        await using var script = Start(name, arguments);
        return (await script.WaitAsync(), script.Output);
    }

    public async Task SaysAsync(string text)
    {
        using var timer = new CancellationTokenSource(Patience);
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Assert.False(process.HasExited, Output);
            await Task.Delay(PollInterval, timer.Token);
        }
    }

    /// <summary>Its exit status, once it has ended by itself.</summary>
    public async Task<int> WaitAsync()
    {
        using var timer = new CancellationTokenSource(Patience);
        await process.WaitForExitAsync(timer.Token);
        return process.ExitCode;
    }

    /// <summary>SIGTERM.</summary>
    public Task<int> EndAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        return WaitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            await EndAsync();
        process.Dispose();
    }

    private void Take(object sender, DataReceivedEventArgs line)
    {
        lock (output)
            output.Append(line.Data).Append(line.Data is null ? "" : "\n");
    }
}
