namespace Coord.Client;

/// <summary>Permission bits of an <see cref="AclEntry"/>.</summary>
[Flags]
public enum Permissions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Read bytes and children.</summary>
    Read = 1,

    /// <summary>Set bytes.</summary>
    Write = 2,

    /// <summary>Create children.</summary>
    Create = 4,

    /// <summary>Delete children.</summary>
    Delete = 8,

    /// <summary>Set the access control list.</summary>
    Admin = 16,

    /// <summary>Everything.</summary>
    All = 31,
}
