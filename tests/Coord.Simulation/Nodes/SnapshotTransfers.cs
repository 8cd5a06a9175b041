using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;
using Coord.Simulation.Disk;
using Coord.Simulation.Faults;

namespace Coord.Simulation.Nodes;

/// <summary>
/// Snapshots between nodes over connections of their own: the real <see cref="SnapshotSending"/>,
/// <see cref="SnapshotReceiving"/> and their bytes; simulated is only what the sockets and threads around them do. A
/// transfer that breaks off goes on later where it stopped (raft-design S6, S7).
/// </summary>
internal sealed class SnapshotTransfers(SimulatedWorld world, SeededRandom random)
{
    private readonly Dictionary<(int From, int To), SnapshotTransfer> _outgoing = [];
    private readonly Dictionary<int, SnapshotTransfer> _incoming = [];
    private IReadOnlyList<SimulatedNode> _nodes = [];

    /// <summary>Snapshots that arrived whole.</summary>
    public int Received { get; private set; }

    /// <summary>Transfers that went on where an earlier one had stopped.</summary>
    public int Resumed { get; private set; }

    public void Bind(IReadOnlyList<SimulatedNode> nodes) => _nodes = nodes;

    public void Send(int from, int to, SnapshotId snapshot, Term term)
    {
        var (sender, receiver) = (_nodes[from - 1], _nodes[to - 1]);
        if (_outgoing.TryGetValue((from, to), out var older))
            BreakAtSender(older);

        var source = sender.Snapshots!.OpenSource(snapshot);
        if (source is null)
        {
            sender.Post(new SnapshotSendEnded(new NodeId(to), snapshot, Success: false));
            return;
        }

        var transfer = new SnapshotTransfer(sender, receiver, source, term, world.Shape.Limits);
        _outgoing[(from, to)] = transfer;
        if (!receiver.IsRunning || !world.Network.IsUp(from, to))
            world.Events.After(world.Network.DrawDelay(), () => EndSender(transfer));
        else
            Pump(transfer);
    }

    /// <summary>The node heard of a newer term: what an older leader sends or sent here ends.</summary>
    public void Abort(int node, Term before)
    {
        foreach (var transfer in Running().Where(t => t.Term < before))
        {
            if (transfer.Sender.Id == node)
                BreakAtSender(transfer);
            else if (transfer.Receiver.Id == node)
                BreakAtReceiver(transfer);
        }
    }

    /// <summary>The process is gone, and its connections with it.</summary>
    public void Stopped(int node)
    {
        foreach (var transfer in Running())
        {
            if (transfer.Sender.Id == node)
                BreakAtSender(transfer);
            else if (transfer.Receiver.Id == node)
                BreakAtReceiver(transfer);
        }
    }

    // The sender's thread: everything that may go now goes.
    private void Pump(SnapshotTransfer transfer)
    {
        while (!transfer.IsSenderDone && transfer.Sending.Next() is { } message)
            ToReceiver(transfer, SnapshotCodec.Write(message));

        if (transfer.Sending.IsBroken || transfer.Sending.Outcome is not null)
            EndSender(transfer);
    }

    private void ToReceiver(SnapshotTransfer transfer, byte[] frame)
    {
        if (IsCut(transfer.Sender, transfer.Receiver))
        {
            BreakAtSender(transfer);
            return;
        }

        transfer.LastToReceiver = Math.Max(transfer.LastToReceiver, world.Events.Now + world.Network.DrawDelay());
        world.Events.At(transfer.LastToReceiver, () => transfer.Receiver.Run(transfer.ReceiverLife, () =>
        {
            if (!transfer.IsReceiverDone)
                Receive(transfer, frame);
        }));
    }

    private void ToSender(SnapshotTransfer transfer, SnapshotMessage answer)
    {
        if (IsCut(transfer.Receiver, transfer.Sender))
        {
            BreakAtReceiver(transfer);
            return;
        }

        var frame = SnapshotCodec.Write(answer);
        transfer.LastToSender = Math.Max(transfer.LastToSender, world.Events.Now + world.Network.DrawDelay());
        world.Events.At(transfer.LastToSender, () => transfer.Sender.Run(transfer.SenderLife, () =>
        {
            if (transfer.IsSenderDone)
                return;

            transfer.Sending.Receive(SnapshotCodec.Read(frame));
            Pump(transfer);
        }));
    }

    private void Receive(SnapshotTransfer transfer, byte[] frame)
    {
        var message = SnapshotCodec.Read(frame);
        if (transfer.Receiving is null)
        {
            Begin(transfer, (SnapshotOffer)message!);
            return;
        }

        Answer(transfer, transfer.Receiving.Receive(message));
    }

    private void Begin(SnapshotTransfer transfer, SnapshotOffer offer)
    {
        var to = transfer.Receiver.Id;
        if (_incoming.TryGetValue(to, out var older) && older.IsReceiverAlive && !older.IsReceiverDone)
        {
            if (older.Term >= transfer.Term)
            {
                transfer.IsReceiverDone = true;
                ToSender(transfer, new SnapshotVerdict(SnapshotOutcome.Busy));
                return;
            }

            // At once: two must never write one file.
            BreakAtReceiver(older);
        }

        _incoming[to] = transfer;
        transfer.Receiving = new SnapshotReceiving(transfer.Receiver.Snapshots!, offer);
        var answer = transfer.Receiving.Begin();
        if (answer is SnapshotResume { Offset: > 0 })
            Resumed++;

        Answer(transfer, answer);
    }

    private void Answer(SnapshotTransfer transfer, SnapshotMessage? answer)
    {
        var receiving = transfer.Receiving!;
        if (receiving.Outcome == SnapshotOutcome.Complete)
        {
            Received++;
            var id = receiving.Offer.File.Id;
            world.Tell($"node {transfer.Receiver.Id} received snapshot {id.Index} from node {transfer.Sender.Id}");
            transfer.Receiver.Post(
                new SnapshotArrived(new NodeId(transfer.Sender.Id), receiving.Offer.LeaderTerm, id));
        }

        if (answer is not null)
            ToSender(transfer, answer);

        if (answer is null)
            BreakAtReceiver(transfer);
        else if (receiving.Outcome is not null)
            EndReceiver(transfer);
    }

    private SnapshotTransfer[] Running() => [.. _outgoing.Values.Concat(_incoming.Values).Distinct()];

    private bool IsCut(SimulatedNode from, SimulatedNode to) => !world.Network.CanPass(from.Id, to.Id)
        || (world.IsFaulty && world.Shape.Has(FaultKind.TransferCuts) && random.Chance(world.Shape.TransferCutChance));

    // The connection is gone: one side knows, the other notices a little later.
    private void BreakAtSender(SnapshotTransfer transfer)
    {
        EndSender(transfer);
        world.Events.After(world.Network.DrawDelay(), () => EndReceiver(transfer));
    }

    private void BreakAtReceiver(SnapshotTransfer transfer)
    {
        EndReceiver(transfer);
        world.Events.After(world.Network.DrawDelay(), () => EndSender(transfer));
    }

    private void EndReceiver(SnapshotTransfer transfer)
    {
        if (transfer.IsReceiverDone)
            return;

        transfer.IsReceiverDone = true;
        if (_incoming.GetValueOrDefault(transfer.Receiver.Id) == transfer)
            _incoming.Remove(transfer.Receiver.Id);

        if (transfer.IsReceiverAlive)
            transfer.Receiving?.Dispose();
    }

    private void EndSender(SnapshotTransfer transfer)
    {
        if (transfer.IsSenderDone)
            return;

        transfer.IsSenderDone = true;
        var key = (transfer.Sender.Id, transfer.Receiver.Id);
        if (_outgoing.GetValueOrDefault(key) == transfer)
            _outgoing.Remove(key);

        if (!transfer.IsSenderAlive)
            return;

        transfer.Source.Dispose();
        var isSuccess = transfer.Sending.Outcome == SnapshotOutcome.Complete;
        transfer.Sender.Post(
            new SnapshotSendEnded(new NodeId(transfer.Receiver.Id), transfer.Snapshot, isSuccess));
    }
}
