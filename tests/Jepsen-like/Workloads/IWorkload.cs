using Coord.JepsenLike.Clients;

namespace Coord.JepsenLike.Workloads;

/// <summary>Clients that use the cluster in one way.</summary>
internal interface IWorkload
{
    /// <summary>Creates what the clients work on, below the root, which is there; before the first fault.</summary>
    Task PrepareAsync(SessionClient session);

    /// <summary>One for each client: runs until told to stop. Lost connections are its own business.</summary>
    IEnumerable<Func<CancellationToken, Task>> Clients();

    /// <summary>Final reads at one node, after everything has healed; called for each node in turn.</summary>
    Task FinishAsync(SessionClient session, CancellationToken cancel);
}
