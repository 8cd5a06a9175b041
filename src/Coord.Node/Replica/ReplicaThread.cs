using System.Diagnostics;
using Coord.Node.Metrics;

namespace Coord.Node.Replica;

/// <summary>
/// The loop around <see cref="Replica.RunTurn"/>: waits for inputs or the next tick, and calls it. Holds no logic of
/// its own, so that the simulator can do the same without a thread.
/// </summary>
internal sealed class ReplicaThread(Replica replica, ReplicaQueue queue, Distribution turns)
{
    private volatile bool isStopping;

    /// <summary>Runs turns until <see cref="Stop"/>; for a dedicated thread.</summary>
    public void Run()
    {
        while (!isStopping)
        {
            var inputs = queue.Take(replica.HasWork ? TimeSpan.Zero : replica.UntilNextTick);
            var begun = Stopwatch.GetTimestamp();
            replica.RunTurn(inputs);
            turns.Record(Stopwatch.GetElapsedTime(begun));
        }
    }

    /// <summary>Ends the loop after the present turn.</summary>
    public void Stop() => isStopping = true;
}
