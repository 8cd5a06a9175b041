using System.Diagnostics;
using Coord.Node.Hosting;
using Coord.Node.Metrics;

namespace Coord.Node.Replica;

/// <summary>
/// The loop around <see cref="Replica.RunTurn"/>: waits for inputs or the next tick, and calls it. Holds no logic of
/// its own, so that the simulator can do the same without a thread. Turns that other threads take pass through here
/// too: one at a time, as the queue has it.
/// </summary>
internal sealed class ReplicaThread(Replica replica, ReplicaQueue queue, NodeLimits limits, Distribution turns)
{
    private volatile bool isStopping;

    /// <summary>Runs turns until <see cref="Stop"/>; for a dedicated thread.</summary>
    public void Run()
    {
        while (!isStopping)
            RunTurn(queue.Take(replica.HasWork ? TimeSpan.Zero : replica.UntilNextTick));
    }

    /// <summary>A turn on a thread that brought its work; true when another has work without an input.</summary>
    public bool RunTurnForBringer(IReadOnlyList<ReplicaInput> inputs)
    {
        try
        {
            RunTurn(inputs);
            return replica.HasWork;
        }
        catch (Exception failure)
        {
            // As on the loop's own thread: whoever brought the work may take exceptions for his own.
            NodeFailure.Stop("replica", failure);
            throw; // Not reached: the process has ended.
        }
    }

    /// <summary>Ends the loop with its present or next turn: then no other thread has one either.</summary>
    public void Stop() => isStopping = true;

    private void RunTurn(IReadOnlyList<ReplicaInput> inputs)
    {
        var begun = Stopwatch.GetTimestamp();
        replica.RunTurn(inputs);
        turns.Record(Stopwatch.GetElapsedTime(begun));
        queue.ShareTurns(replica.EntriesUnderWay <= limits.TurnsSharedEntriesMax);
    }
}
