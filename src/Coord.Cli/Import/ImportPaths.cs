namespace Coord.Cli.Import;

/// <summary>What of a ZooKeeper tree is moved.</summary>
internal static class ImportPaths
{
    private const string System = "/zookeeper";
    private const string Quota = "/zookeeper/quota";

    /// <summary>Everything, then the quotas: a limit must not refuse what it is copied with.</summary>
    public static IReadOnlyList<string> Roots { get; } = ["/", Quota];

    /// <summary>Znodes that every cluster has.</summary>
    public static bool IsBuiltIn(string path) => path is "/" or Quota;

    /// <summary>The use of a quota: the server's own figures.</summary>
    public static bool IsQuotaUse(string path) => path.StartsWith(Quota + "/", StringComparison.Ordinal)
        && path.EndsWith("/zookeeper_stats", StringComparison.Ordinal);

    /// <summary>The children that are moved with a znode.</summary>
    public static IEnumerable<string> Below(string path, IEnumerable<string> names) => names
        .Select(name => path == "/" ? $"/{name}" : $"{path}/{name}")
        .Where(child => child != System);
}
