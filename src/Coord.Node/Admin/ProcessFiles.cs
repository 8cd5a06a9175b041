namespace Coord.Node.Admin;

/// <summary>
/// How many files the process has open, and how many it may: the number that ends large installations.
/// </summary>
internal static class ProcessFiles
{
    private const string LimitLine = "Max open files";

    /// <summary>Open files; -1 where the system does not say.</summary>
    public static long Open() => Ask(() => Directory.EnumerateFileSystemEntries("/proc/self/fd").LongCount());

    /// <summary>The soft limit; -1 where the system does not say, or sets none.</summary>
    public static long Limit() => Ask(() =>
    {
        var line = File.ReadLines("/proc/self/limits")
            .FirstOrDefault(line => line.StartsWith(LimitLine, StringComparison.Ordinal));
        var soft = line?[LimitLine.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0];
        return long.TryParse(soft, out var limit) ? limit : -1;
    });

    private static long Ask(Func<long> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A system without /proc: the figure is unknown there, and nothing else is wrong.
            return -1;
        }
    }
}
