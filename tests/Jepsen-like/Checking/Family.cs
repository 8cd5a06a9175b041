namespace Coord.JepsenLike.Checking;

/// <summary>Parents, which stay, and their children, which come and go: znodes to watch.</summary>
internal static class Family
{
    /// <summary>In the path of parents, and so in those of their children.</summary>
    public const string Mark = "/parent-";

    public static bool Holds(string key) => key.Contains(Mark, StringComparison.Ordinal);

    public static bool IsParent(string key) => Holds(key) && !Holds(ParentOf(key));

    public static bool IsChild(string key) => Holds(key) && Holds(ParentOf(key));

    public static string ParentOf(string key) => key[..key.LastIndexOf('/')];
}
