namespace Coord.Client.Testing;

/// <summary>What a request asks for, as far as faults tell requests apart.</summary>
public enum RequestKind
{
    /// <summary>Creates a znode, of whatever mode.</summary>
    Create,

    /// <summary>Deletes a znode.</summary>
    Delete,

    /// <summary>Writes a znode's bytes.</summary>
    Set,

    /// <summary>Reads a znode's bytes.</summary>
    Get,

    /// <summary>Asks whether a znode exists.</summary>
    Exists,

    /// <summary>Lists children.</summary>
    GetChildren,

    /// <summary>A multi, of one operation too, exactly once or not; it has no path of its own.</summary>
    Multi,

    /// <summary>A sync.</summary>
    Sync,

    /// <summary>A heartbeat.</summary>
    Ping,

    /// <summary>Ends the session.</summary>
    Close,

    /// <summary>Reads or writes an access control list.</summary>
    Acl,

    /// <summary>Sets or removes watches, or sets them again on a new connection.</summary>
    Watch,

    /// <summary>Anything else.</summary>
    Other,
}
