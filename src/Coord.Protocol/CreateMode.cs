namespace Coord.Protocol;

/// <summary>Kinds of znodes: the <c>flags</c> of a create request.</summary>
public enum CreateMode
{
    /// <summary>Stays until it is deleted.</summary>
    Persistent = 0,

    /// <summary>Ends with its session.</summary>
    Ephemeral = 1,

    /// <summary>Stays; the name gets a ten-digit counter of the parent.</summary>
    PersistentSequential = 2,

    /// <summary>Ends with its session; the name gets a counter.</summary>
    EphemeralSequential = 3,

    /// <summary>Goes when its last child has gone.</summary>
    Container = 4,

    /// <summary>Goes when it was not changed for a time and has no child.</summary>
    PersistentWithTtl = 5,

    /// <summary>As before; the name gets a counter.</summary>
    PersistentSequentialWithTtl = 6,
}
