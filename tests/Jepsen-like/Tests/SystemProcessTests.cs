using System.Diagnostics;
using Coord.JepsenLike.Faults;

namespace Coord.JepsenLike.Tests;

/// <summary>Whether a process runs, at the moments at which the system tells little of it.</summary>
public sealed class SystemProcessTests : IDisposable
{
    // Becomes the same program again and again. Until the kernel has counted its many arguments, which takes longer
    // than all else, there is no command line.
    private const string BecomesItself = "exec bash -c \"$0\" \"$0\" \"$@\"";
    private const int ArgumentCount = 50_000;
    private const int MomentsLookedAt = 50;

    private readonly string directory = Directory.CreateTempSubdirectory("coord-exec-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    // fork and exec are two steps: a node that is just becoming one was once told to have ended by itself.
    [Fact]
    public void A_process_runs_while_it_becomes_another_program()
    {
        using var process = Process.Start(
            "bash", ["-c", BecomesItself, BecomesItself, directory, .. Enumerable.Repeat("x", ArgumentCount)]);
        try
        {
            for (var seen = 0; seen < MomentsLookedAt;)
            {
                if (File.ReadAllText($"/proc/{process.Id}/cmdline").Length == 0)
                    seen++;
                Assert.True(SystemProcess.IsRunning(process.Id, directory));
            }
        }
        finally
        {
            process.Kill();
        }

        process.WaitForExit();
        Assert.False(SystemProcess.IsRunning(process.Id, directory));
    }

    [Fact]
    public void A_number_that_another_process_has_by_now_is_not_running()
    {
        Assert.False(SystemProcess.IsRunning(Environment.ProcessId, directory));
    }
}
