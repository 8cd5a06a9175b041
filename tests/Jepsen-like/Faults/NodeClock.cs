using System.Globalization;

namespace Coord.JepsenLike.Faults;

/// <summary>
/// The clocks of one node, by libfaketime. Either its wall clock can be moved while it runs, and nothing else; or all
/// its clocks go at another rate from its next start on. A rate is never changed while the node runs: libfaketime
/// counts it from the process's start, so the monotonic clock would jump, which no real one does.
/// </summary>
internal sealed class NodeClock(string directory, int node)
{
    /// <summary>To be preloaded by the nodes.</summary>
    public const string Library = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    // Where libfaketime keeps what belongs to a process; one that was killed leaves it behind, and the next process of
    // that number would not start.
    private const string SharedMemory = "/dev/shm";

    private readonly string file = Path.Combine(directory, $"clock-{node}");
    private readonly HashSet<int> pids = [];

    /// <summary>How fast the node's clocks go after its next start.</summary>
    public double Rate { get; set; } = 1;

    /// <summary>Why clocks cannot be moved here; null where they can.</summary>
    public static string? WhyNot() =>
        File.Exists(Library) ? null : $"{Library} is missing: install the Debian package faketime";

    /// <summary>Environment of the node's next start.</summary>
    public IReadOnlyDictionary<string, string> Settings()
    {
        Forget();

        // A node that comes back while its clock is wrong finds it wrong.
        if (!File.Exists(file))
            Move(TimeSpan.Zero);
        return Rate != 1
            ? new Dictionary<string, string>
            {
                ["FAKETIME"] = string.Create(CultureInfo.InvariantCulture, $"+0 x{Rate}"),
            }
            : new Dictionary<string, string>
            {
                ["FAKETIME_TIMESTAMP_FILE"] = file,
                ["FAKETIME_NO_CACHE"] = "1",
                ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",

                // Without it timed waits on monotonic conditions end at once when the monotonic clock is left alone,
                // and the runtime's timer threads spin.
                ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
            };
    }

    /// <summary>Moves the wall clock of the running node to so much after, or before, the true time.</summary>
    public void Move(TimeSpan offset)
    {
        // The node reads the file whenever it asks for the time, so it must never see half of it.
        var text = offset.TotalSeconds.ToString("+0.###;-0.###;+0", CultureInfo.InvariantCulture);
        File.WriteAllText(file + ".new", text + "\n");
        File.Move(file + ".new", file, overwrite: true);
    }

    /// <summary>Notes a process that was started with these settings.</summary>
    public void Started(int pid)
    {
        lock (pids)
            pids.Add(pid);
    }

    /// <summary>Removes what processes that have ended left behind.</summary>
    public void Forget()
    {
        lock (pids)
        {
            foreach (var pid in pids.Where(HasEnded).ToArray())
            {
                File.Delete(Path.Combine(SharedMemory, $"faketime_shm_{pid}"));
                File.Delete(Path.Combine(SharedMemory, $"sem.faketime_sem_{pid}"));
                pids.Remove(pid);
            }
        }
    }

    /// <summary>Also a zombie, which has no command line.</summary>
    private static bool HasEnded(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Length == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
