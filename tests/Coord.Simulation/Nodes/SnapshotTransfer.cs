using Coord.Node;
using Coord.Node.Peers;
using Coord.Node.Storage;
using Coord.Raft;

namespace Coord.Simulation.Nodes;

/// <summary>
/// One snapshot on its way: both real sides of a transfer, and the connection between them. Either side may find the
/// connection broken; the other notices a little later.
/// </summary>
internal sealed class SnapshotTransfer(
    SimulatedNode sender, SimulatedNode receiver, SnapshotSource source, Term term, NodeLimits limits)
{
    public SimulatedNode Sender { get; } = sender;

    public SimulatedNode Receiver { get; } = receiver;

    public int SenderLife { get; } = sender.Life;

    public int ReceiverLife { get; } = receiver.Life;

    public SnapshotId Snapshot { get; } = source.Snapshot.Id;

    public Term Term { get; } = term;

    public SnapshotSource Source { get; } = source;

    public SnapshotSending Sending { get; } = new(source, term, limits);

    /// <summary>The receiver's side; null until the offer arrived.</summary>
    public SnapshotReceiving? Receiving { get; set; }

    public bool IsSenderDone { get; set; }

    public bool IsReceiverDone { get; set; }

    /// <summary>When the last message of each direction arrives: a connection keeps its order.</summary>
    public long LastToReceiver { get; set; }

    public long LastToSender { get; set; }

    public bool IsSenderAlive => Sender.IsRunning && Sender.Life == SenderLife;

    public bool IsReceiverAlive => Receiver.IsRunning && Receiver.Life == ReceiverLife;
}
