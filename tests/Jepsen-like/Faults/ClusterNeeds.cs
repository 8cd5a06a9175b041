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

    /// <summary>Disks that fail to order.</summary>
    DiskShim = 1 << 4,

    /// <summary>Segments and snapshots so small that new ones are made all the time.</summary>
    SmallFiles = 1 << 5,

    /// <summary>Files of which the suite knows where damage may be, and whose names are flushed.</summary>
    CoordFiles = 1 << 6,

    /// <summary>Clocks that can be moved, by libfaketime.</summary>
    Clocks = 1 << 8,

    /// <summary>A super user, who may change the members.</summary>
    SuperUser = 1 << 9,

    /// <summary>A second build of the node, which all nodes run first.</summary>
    OtherBuild = 1 << 10,
}
