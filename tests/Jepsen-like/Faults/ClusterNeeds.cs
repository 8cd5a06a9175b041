namespace Coord.JepsenLike.Faults;

/// <summary>What some faults ask of the cluster when it is started.</summary>
[Flags]
internal enum ClusterNeeds
{
    None = 0,

    /// <summary>A proxy on every link between nodes.</summary>
    Proxies = 1,
}
