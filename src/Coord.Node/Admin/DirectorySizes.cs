namespace Coord.Node.Admin;

/// <summary>Bytes of a node's files on disk: a few dozen of them, asked for anew each time.</summary>
/// <param name="Snapshots">Everything but the log: what ZooKeeper calls the data directory.</param>
/// <param name="Log">The log's segments, prepared ones too.</param>
internal readonly record struct DirectorySizes(long Snapshots, long Log)
{
    // A file system's own folder, which only the administrator may look into, is no reason to fail.
    private static readonly EnumerationOptions Everything = new()
    {
        RecurseSubdirectories = true,
        IgnoreInaccessible = true,
        AttributesToSkip = 0,
    };

    /// <summary>Looks at the data directory.</summary>
    public static DirectorySizes Of(string dataDirectory)
    {
        var all = new DirectorySizes(0, 0);
        var log = LogOf(dataDirectory) + Path.DirectorySeparatorChar;
        if (!Directory.Exists(dataDirectory))
            return all;
        foreach (var file in new DirectoryInfo(dataDirectory).EnumerateFiles("*", Everything))
        {
            var bytes = LengthOf(file);
            all = file.FullName.StartsWith(log, StringComparison.Ordinal)
                ? all with { Log = all.Log + bytes }
                : all with { Snapshots = all.Snapshots + bytes };
        }

        return all;
    }

    /// <summary>Where the log is.</summary>
    public static string LogOf(string dataDirectory) => Path.Combine(dataDirectory, "log");

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (IOException)
        {
            return 0; // It went meanwhile, such as an old segment.
        }
    }
}
