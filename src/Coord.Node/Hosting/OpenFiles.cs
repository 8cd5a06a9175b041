using System.Globalization;

namespace Coord.Node.Hosting;

/// <summary>How many files the process may have open: each connection is one (setrlimit(2), RLIMIT_NOFILE).</summary>
internal static class OpenFiles
{
    // Log, snapshots, peers, the admin port, and what the runtime opens for itself: without them it ends the process.
    private const int Reserve = 256;

    private const string Line = "Max open files";

    /// <summary>What this process may open; the runtime has raised it to what its user may set.</summary>
    public static long Allowed { get; } = Parse(File.ReadAllText("/proc/self/limits"));

    /// <summary>Connections of clients that fit, with room left for what is not theirs.</summary>
    public static int ConnectionsOf(long files) => (int)Math.Clamp(files - Reserve, 1, int.MaxValue);

    /// <summary>The limit in force in a process's table of limits.</summary>
    public static long Parse(string limits)
    {
        var line = limits.Split('\n').First(line => line.StartsWith(Line, StringComparison.Ordinal));
        var value = line[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return value == "unlimited" ? long.MaxValue : long.Parse(value, CultureInfo.InvariantCulture);
    }
}
