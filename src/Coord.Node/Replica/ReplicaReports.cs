using Coord.Node.Admin;

namespace Coord.Node.Replica;

/// <summary>Asks the loop by its queue.</summary>
internal sealed class ReplicaReports(IReplicaInbox inbox) : IReplicaReports
{
    public Task<SessionReport> SessionsAsync(CancellationToken cancellation)
    {
        // Continued elsewhere: the loop completes it (raft-design F22).
        var report = new TaskCompletionSource<SessionReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        inbox.Post(new SessionReportWanted(report));
        return report.Task.WaitAsync(cancellation);
    }
}
