using System.Diagnostics;

namespace Coord.JepsenLike.Faults;

/// <summary>Processes of nodes, as the system sees them.</summary>
internal static class SystemProcess
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// True until the last thread has ended: until then a process holds its ports, its locks and its files. A number
    /// that belongs to another process by now is not running.
    /// </summary>
    /// <param name="process">Its number.</param>
    /// <param name="directory">Of its cluster, which stands in its command line.</param>
    public static bool IsRunning(int process, string directory)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{process}/status");
            if (status.Contains("State:\tZ", StringComparison.Ordinal))
                return Directory.GetDirectories($"/proc/{process}/task").Length > 1;

            // A process that is being killed has no command line any more, and one that becomes a node none yet.
            var command = File.ReadAllText($"/proc/{process}/cmdline");
            return command.Length == 0 || command.Contains(directory, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>kill -9 of all of them by one command; returns when they have ended.</summary>
    public static async Task KillAsync(int[] processes, string directory)
    {
        var ours = processes.Where(process => IsRunning(process, directory)).ToArray();
        if (ours.Length == 0)
            return;
        using var kill = Process.Start("kill", ["-9", .. ours.Select(process => process.ToString())]);
        await kill.WaitForExitAsync();
        foreach (var process in ours)
        {
            if (!await HasEndedAsync(process, directory, EndPatience))
                throw new LauncherException($"process {process} does not end");
        }
    }

    /// <summary>Waits for the end; false when it has not come in time.</summary>
    public static async Task<bool> HasEndedAsync(int process, string directory, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        while (IsRunning(process, directory))
        {
            if (clock.Elapsed > patience)
                return false;
            await Task.Delay(PollInterval);
        }

        return true;
    }
}
