namespace Coord.JepsenLike.Faults;

/// <summary>What some faults ask of the cluster when it is started.</summary>
[Flags]
internal enum ClusterNeeds
{
    None = 0,

    /// <summary>A proxy on every link between nodes.</summary>
    Proxies = 1,

    /// <summary>Each node, and each group of clients, in a network namespace with an address of its own.</summary>
    Namespaces = 2,

    /// <summary>A proxy between every group of clients and every node.</summary>
    ClientProxies = 4,
}
