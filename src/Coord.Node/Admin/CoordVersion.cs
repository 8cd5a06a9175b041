using System.Globalization;
using System.Reflection;

namespace Coord.Node.Admin;

/// <summary>The version as ZooKeeper's tools expect to read it.</summary>
internal static class CoordVersion
{
    /// <summary>
    /// The release of ZooKeeper whose protocol this is, then Coord's own version: kazoo takes the leading digits
    /// and dots,
    /// Go's client letters, digits, dots and minus up to the comma (zookeeper-protocol 10.1).
    /// </summary>
    public static string Full { get; } = $"3.9.4-coord-{Own}";

    /// <summary><see cref="Full"/> with the build time, in the form that Go's client can parse.</summary>
    public static string FullWithDate { get; } = $"{Full}, built on {Built}";

    private static string Own => typeof(CoordVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    private static string Built
    {
        get
        {
            // Builds are deterministic and hold no date of their own; the file's says when this one was made.
            var file = Assembly.GetExecutingAssembly().Location;
            var time = file.Length > 0 ? File.GetLastWriteTimeUtc(file) : DateTime.UnixEpoch;
            return time.ToString("MM'/'dd'/'yyyy HH':'mm 'GMT'", CultureInfo.InvariantCulture);
        }
    }
}
