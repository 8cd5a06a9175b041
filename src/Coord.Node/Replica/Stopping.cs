using Coord.Node.Clients;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>
/// The way out after SIGTERM: hand leadership over, answer what is under way, close the connections; sessions stay
/// and go on at other nodes (raft-design L7, design.md section 10).
/// </summary>
internal sealed class Stopping(ReplicaView view, ClientSide clients, Proposals proposals, NodeLimits limits)
{
    private TaskCompletionSource? stopped;
    private long deadlineMs;

    public bool IsStopping => stopped is not null;

    public void Begin(RaftCore core, TaskCompletionSource whenStopped)
    {
        stopped = whenStopped;
        deadlineMs = view.NowMs + (long)limits.StopTimeout.TotalMilliseconds;
        if (view.IsLeader)
            core.Step(new TransferLeadership(null));
    }

    /// <summary>
    /// At the end of a turn: done when this node does not lead and owes nobody an answer, or time is up.
    /// </summary>
    public void Step(RaftCore core)
    {
        if (stopped is null || stopped.Task.IsCompleted)
            return;
        var hasOffice = view.IsLeader && core.Status.Peers.Count > 0;
        var isSettled = !hasOffice && proposals.Outstanding == 0;
        if (!isSettled && view.NowMs < deadlineMs && clients.SessionsHere > 0)
            return;
        clients.CloseAll();
        stopped.SetResult();
    }
}
