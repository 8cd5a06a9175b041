namespace Coord.Client;

/// <summary>Checks paths and adds or strips the chroot, which the server never learns of.</summary>
internal sealed class PathMap(string chroot, bool allowSystemPaths)
{
    private const string System = "/zookeeper";

    private readonly string prefix = chroot == "/" ? string.Empty : chroot;

    internal string Chroot { get; } = chroot;

    internal PathMap Below(string path) => new(ToServer(path, nameof(path)), allowSystemPaths);

    /// <exception cref="ArgumentException">The path is not valid.</exception>
    internal string ToServer(string path, string argument)
    {
        ZnodePath.Check(path, argument);
        return Join(path);
    }

    /// <summary>As <see cref="ToServer"/> for a path about to be changed.</summary>
    /// <exception cref="ArgumentException">Not valid, the root, or the system's.</exception>
    internal string ToServerForWrite(string path, string argument)
    {
        ZnodePath.Check(path, argument);
        if (!allowSystemPaths && prefix.Length == 0 && IsSystem(path))
            throw new ArgumentException(
                "/zookeeper is the system's; see CoordClientOptions.AllowSystemPaths.", argument);
        return Join(path);
    }

    /// <summary>
    /// As <see cref="ToServerForWrite"/> for a path to be created, whose end may be left to the sequence number.
    /// </summary>
    /// <exception cref="ArgumentException">Not valid, the root, or the system's.</exception>
    internal string ToServerForCreate(string path, bool isSequential, string argument)
    {
        ArgumentNullException.ThrowIfNull(path, argument);
        if (path == "/")
            throw new ArgumentException("The root cannot be created or deleted.", argument);
        if (!isSequential || !path.EndsWith('/'))
            return ToServerForWrite(path, argument);
        ToServerForWrite(path + "0", argument);
        return Join(path);
    }

    internal string ToCaller(string serverPath) =>
        prefix.Length == 0 || !serverPath.StartsWith(prefix, StringComparison.Ordinal) ? serverPath
        : serverPath.Length == prefix.Length ? "/" : serverPath[prefix.Length..];

    private static bool IsSystem(string path) =>
        path.StartsWith(System, StringComparison.Ordinal)
            && (path.Length == System.Length || path[System.Length] == '/');

    private string Join(string path) => prefix.Length == 0 ? path : path == "/" ? prefix : prefix + path;
}
