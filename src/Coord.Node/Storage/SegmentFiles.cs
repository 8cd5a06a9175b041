using System.Globalization;

namespace Coord.Node.Storage;

/// <summary>Names in the log folder: <c>segment number - first index .seg</c>, and files still being made.</summary>
internal static class SegmentFiles
{
    public const string Extension = ".seg";

    /// <summary>What a file is called until it is complete; leftovers are deleted at the next start.</summary>
    public const string TemporaryExtension = ".tmp";

    private const string Digits = "D16";

    public static string Name(long number, long firstIndex) =>
        $"{number.ToString(Digits)}-{firstIndex.ToString(Digits)}{Extension}";

    /// <summary>Where a file is that the log's writer gives its header and its name: no other thread's.</summary>
    public static string NextPath(string directory) => Path.Combine(directory, "next" + TemporaryExtension);

    public static bool TryParse(string name, out long number, out long firstIndex)
    {
        number = 0;
        firstIndex = 0;
        if (!name.EndsWith(Extension, StringComparison.Ordinal))
            return false;

        var dash = name.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && long.TryParse(name.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out number)
            && long.TryParse(
                name.AsSpan(dash + 1, name.Length - dash - 1 - Extension.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out firstIndex);
    }
}
