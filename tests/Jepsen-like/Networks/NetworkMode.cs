namespace Coord.JepsenLike.Networks;

/// <summary>Where the nodes of a run live.</summary>
internal enum NetworkMode
{
    /// <summary>In namespaces where that can be done, else on loopback.</summary>
    Auto,

    /// <summary>Each node in a network namespace with an address of its own.</summary>
    Namespaces,

    /// <summary>All nodes on 127.0.0.1.</summary>
    Loopback,
}
