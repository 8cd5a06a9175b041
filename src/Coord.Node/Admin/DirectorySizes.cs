namespace Coord.Node.Admin;

/// <summary>Bytes of a node's files on disk: a few dozen of them, asked for anew each time.</summary>
/// <param name="Snapshots">Everything but the log: what ZooKeeper calls the data directory.</param>
/// <param name="Log">The log's segments, prepared ones too.</param>
internal readonly record struct DirectorySizes(long Snapshots, long Log)
{
    /// <summary>Looks at the data directory.</summary>
    public static DirectorySizes Of(string dataDirectory)
    {
        var log = SizeOf(LogOf(dataDirectory));
        return new DirectorySizes(SizeOf(dataDirectory) - log, log);
    }

    /// <summary>Where the log is.</summary>
    public static string LogOf(string dataDirectory) => Path.Combine(dataDirectory, "log");

    private static long SizeOf(string directory)
    {
        long bytes = 0;
        try
        {
            foreach (var file in new DirectoryInfo(directory).EnumerateFiles("*", SearchOption.AllDirectories))
                bytes += file.Length;
        }
        catch (IOException)
        {
            // A file that went meanwhile, such as an old segment: what was counted so far is near enough.
        }

        return bytes;
    }
}
