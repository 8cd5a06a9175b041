using System.Diagnostics;
using System.Globalization;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Mutants;

/// <summary>A process of the second build, which runs one order after the other.</summary>
internal sealed class WorkerProcess(string program) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private Process? _process;

    /// <summary>The first seed that failed and how; seed 0 if none did.</summary>
    public async Task<(int Seed, string Failure)> HuntAsync(
        int number, RunOptions runs, int first, int last)
    {
        _process ??= Start();
        await _process.StandardInput.WriteLineAsync($"{number} {first} {last}{runs.Arguments()}");
        await _process.StandardInput.FlushAsync();
        var answer = _process.StandardOutput.ReadLineAsync();
        try
        {
            if (await answer.WaitAsync(Patience) is { } line)
            {
                var parts = line.Split(' ', 2);
                return (int.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length > 1 ? parts[1] : "");
            }
        }
        catch (TimeoutException)
        {
            // Told below: a bug that stops the simulator itself is not one that it finds.
        }

        Dispose();
        return (0, "the simulator hangs or ends");
    }

    public void Dispose()
    {
        if (_process is null)
            return;

        _process.Kill();
        _process.Dispose();
        _process = null;
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            ArgumentList = { program, MutantsCommand.Verb, MutantWorker.Verb },
            Environment = { ["DOTNET_gcConcurrent"] = "0", ["DOTNET_TieredPGO"] = "0" },
        };
        return Process.Start(start)!;
    }
}
