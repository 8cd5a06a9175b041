using Coord.Node.Peers;
using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Simulation.Nodes;

/// <summary>One snapshot on its way.</summary>
internal sealed class SnapshotTransfer(
    int from, int to, SnapshotId snapshot, Term term, SnapshotSource source, int fromLife, int toLife)
{
    public int From { get; } = from;

    public int To { get; } = to;

    public SnapshotId Snapshot { get; } = snapshot;

    public Term Term { get; } = term;

    public SnapshotSource Source { get; } = source;

    public int FromLife { get; } = fromLife;

    public int ToLife { get; } = toLife;

    public SnapshotReceiver? Receiver { get; set; }

    public bool IsEnded { get; set; }
}
