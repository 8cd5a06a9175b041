namespace Coord.JepsenLike.Workloads;

/// <summary>A workload as a run drives it, whatever protocol its target speaks.</summary>
internal interface ILoad
{
    /// <summary>Creates what the clients work on, before the first fault.</summary>
    Task PrepareAsync(CancellationToken cancel);

    /// <summary>One for each client: runs until told to stop. Lost connections are its own business.</summary>
    IEnumerable<Func<CancellationToken, Task>> Clients();

    /// <summary>Final reads at one node, after everything has healed; called for each node in turn.</summary>
    /// <param name="node">Counted from 1.</param>
    /// <param name="cancel">When the node has had its time.</param>
    Task FinishAsync(int node, CancellationToken cancel);
}
