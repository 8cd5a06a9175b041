using Coord.Node.Admin;

namespace Coord.Node.Replica;

/// <summary>Asks the loop by its queue.</summary>
internal sealed class ReplicaReports(IReplicaInbox inbox) : IReplicaReports
{
    public Task<SessionReport> SessionsAsync(CancellationToken cancellation) =>
        AskAsync<SessionReport>(report => new SessionReportWanted(report), cancellation);

    public Task<WatchReport> WatchesAsync(CancellationToken cancellation) =>
        AskAsync<WatchReport>(report => new WatchReportWanted(report), cancellation);

    private Task<T> AskAsync<T>(Func<TaskCompletionSource<T>, ReplicaInput> wanted, CancellationToken cancellation)
    {
        // Continued elsewhere: the loop completes it (raft-design F22).
        var report = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        inbox.Post(wanted(report));
        return report.Task.WaitAsync(cancellation);
    }
}
