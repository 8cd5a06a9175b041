namespace Coord.Client;

/// <summary>Names that carry a GUID, as Curator's protection writes them: <c>_c_guid-name</c>.</summary>
internal static class ProtectedName
{
    private const string Mark = "_c_";

    internal static string NewGuid() => Guid.NewGuid().ToString("D");

    /// <summary>Puts the GUID in front of the path's last part.</summary>
    internal static string Protect(string path, string guid)
    {
        var slash = path.LastIndexOf('/') + 1;
        return $"{path.AsSpan(0, slash)}{Mark}{guid}-{path.AsSpan(slash)}";
    }

    internal static bool Holds(string name, string guid) =>
        name.StartsWith(Mark, StringComparison.Ordinal)
            && name.AsSpan(Mark.Length).StartsWith(guid, StringComparison.Ordinal);
}
