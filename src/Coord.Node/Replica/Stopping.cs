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
    /// At the end of a turn: done when leadership is handed over, or nobody took it, and no client is owed an answer;
    /// or when time is up.
    /// </summary>
    public void Step(RaftCore core)
    {
        if (stopped is null || stopped.Task.IsCompleted)
            return;
        var isHandingOver = core.Status.TransferringTo is not null;
        var owesAnswers = clients.SessionsHere > 0 && proposals.Outstanding > 0;
        if ((isHandingOver || owesAnswers) && view.NowMs < deadlineMs)
            return;
        clients.CloseAll();
        stopped.SetResult();
    }
}
