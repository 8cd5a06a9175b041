using Coord.JepsenLike.Clients;

namespace Coord.JepsenLike.Workloads;

/// <summary>A workload whose clients are all of one sort.</summary>
/// <param name="prepare">Creates what they work on.</param>
/// <param name="clients">One for each client.</param>
/// <param name="finish">Final reads at one node.</param>
internal sealed class ClientWorkload(
    Func<SessionClient, Task> prepare,
    IEnumerable<Func<CancellationToken, Task>> clients,
    Func<SessionClient, CancellationToken, Task> finish) : IWorkload
{
    public Task PrepareAsync(SessionClient session) => prepare(session);

    public IEnumerable<Func<CancellationToken, Task>> Clients() => clients;

    public Task FinishAsync(SessionClient session, CancellationToken cancel) => finish(session, cancel);

    /// <summary>Creates znodes with the amount that each begins with.</summary>
    public static async Task CreateAsync(SessionClient session, IEnumerable<string> paths, long amount = 0)
    {
        foreach (var path in paths)
        {
            var reply = await session.CreateAsync(path, Wire.Datum(amount, tag: 0));
            if (reply.Error != 0)
                throw new InvalidOperationException($"create {path}: error {reply.Error}");
        }
    }
}
