namespace Coord.Client;

/// <summary>Ready access control lists.</summary>
public static class Acls
{
    /// <summary>Everybody may do everything.</summary>
    public static IReadOnlyList<AclEntry> OpenToAll { get; } = [new(Permissions.All, "world", "anyone")];

    /// <summary>Everybody may read.</summary>
    public static IReadOnlyList<AclEntry> ReadOnlyToAll { get; } = [new(Permissions.Read, "world", "anyone")];

    /// <summary>
    /// Whoever is authenticated on the connection that creates may do everything, nobody else anything.
    /// </summary>
    public static IReadOnlyList<AclEntry> CreatorOnly { get; } = [new(Permissions.All, "auth", string.Empty)];
}
