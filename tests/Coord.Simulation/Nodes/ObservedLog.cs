using Coord.Node.Replica;
using Coord.Raft;

namespace Coord.Simulation.Nodes;

/// <summary>The log's queue: tells the checker what is appended, and wakes the simulated writer.</summary>
internal sealed class ObservedLog(
    IReplicaLog log, NodeProcess process, SimulatedWorld world, int node, Action wake) : IReplicaLog
{
    public TimeSpan OldestUnflushed => log.OldestUnflushed;

    public bool IsDiskFull => log.IsDiskFull;

    public long BytesAppended => log.BytesAppended;

    public void Append(LogAppend append)
    {
        world.Checker.Appended(node, append, process.Replica.Core.Commit.Value);
        log.Append(append);
        wake();
    }

    public void MarkSnapshot(LogIndex index, Term term, bool isReset)
    {
        if (isReset)
        {
            world.Counters.CountInstall();
            world.Checker.Resetting(node, index.Value, term.Value);
        }

        log.MarkSnapshot(index, term, isReset);
        wake();
    }
}
