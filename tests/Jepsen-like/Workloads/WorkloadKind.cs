using Coord.JepsenLike.Checking;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>A way to use the cluster, and the rules that its history must hold.</summary>
/// <param name="Name">By which a run chooses.</param>
/// <param name="Make">The clients.</param>
/// <param name="Check">Decides from the history alone.</param>
internal sealed record WorkloadKind(
    string Name, Func<WorkloadContext, IWorkload> Make, Func<IReadOnlyList<Operation>, CheckReport> Check)
{
    /// <summary>The same on etcd; null where it makes no sense there.</summary>
    public Func<WorkloadContext, ILoad>? MakeOnEtcd { get; init; }
}
