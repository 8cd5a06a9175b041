namespace Coord.JepsenLike.Workloads;

/// <summary>Which clients the znode workload has.</summary>
[Flags]
internal enum ZnodeClients
{
    /// <summary>Read and write registers.</summary>
    Registers = 1,

    /// <summary>Count, by read and compare-and-set.</summary>
    Counters = 2,

    /// <summary>Take and release ephemeral znodes.</summary>
    Locks = 4,

    /// <summary>Watch registers; create and delete children, and watch those and their parents.</summary>
    Watches = 8,

    All = Registers | Counters | Locks | Watches,
}
