using Coord.Node.Replica;
using Coord.Node.Storage;
using Coord.Raft;
using Coord.Simulation.Checks;

namespace Coord.Simulation.Nodes;

/// <summary>What the log writer reports: the checker hears of it before the node promises anything.</summary>
internal sealed class ObservedReports(RaftChecker checker, int node, LogReports reports) : ILogObserver
{
    public void Persisted(long sequence)
    {
        checker.Persisted(node, sequence);
        reports.Persisted(sequence);
    }

    public void SnapshotMarked(LogIndex index, Term term)
    {
        checker.Marked(node, index.Value, term.Value);
        reports.SnapshotMarked(index, term);
    }
}
