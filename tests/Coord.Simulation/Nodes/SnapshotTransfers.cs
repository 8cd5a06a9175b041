using Coord.Node.Peers;
using Coord.Node.Replica;
using Coord.Raft;
using Coord.Simulation.Network;
using Coord.Simulation.Runs;
using Coord.Simulation.Time;

namespace Coord.Simulation.Nodes;

/// <summary>
/// Snapshots between nodes, chunk by chunk: the real stores on both sides, a simulated connection in between. One that
/// breaks off goes on later where it stopped (raft-design S6, S7).
/// </summary>
internal sealed class SnapshotTransfers(EventQueue events, SimulatedNetwork network, Trace trace)
{
    private const int ChunkBytes = 2_048;

    private readonly Dictionary<(int From, int To), SnapshotTransfer> _running = [];
    private IReadOnlyList<SimulatedNode> _nodes = [];

    public int Installs { get; private set; }

    public void Bind(IReadOnlyList<SimulatedNode> nodes) => _nodes = nodes;

    public void Send(int from, int to, SnapshotId snapshot, Term term)
    {
        if (_running.TryGetValue((from, to), out var running))
            End(running, isSuccess: false);

        var source = _nodes[from - 1].Snapshots!.OpenSource(snapshot)
            ?? _nodes[from - 1].OpenNewestSource(snapshot);
        if (source is null || !_nodes[to - 1].IsRunning || !network.IsUp(from, to))
        {
            source?.Dispose();
            _nodes[from - 1].Post(new SnapshotSendEnded(new NodeId(to), snapshot, Success: false));
            return;
        }

        var transfer = new SnapshotTransfer(
            from, to, snapshot, term, source, _nodes[from - 1].Life, _nodes[to - 1].Life);
        _running[(from, to)] = transfer;
        events.After(network.DrawDelay(), () => Step(transfer));
    }

    public void Abort(int node, Term before)
    {
        foreach (var transfer in _running.Values.ToArray())
        {
            if ((transfer.From == node || transfer.To == node) && transfer.Term < before)
                End(transfer, isSuccess: false);
        }
    }

    private void Step(SnapshotTransfer transfer)
    {
        if (transfer.IsEnded)
            return;

        var (sender, receiver) = (_nodes[transfer.From - 1], _nodes[transfer.To - 1]);
        if (sender.Life != transfer.FromLife || receiver.Life != transfer.ToLife || !sender.IsRunning
            || !receiver.IsRunning || !network.CanPass(transfer.From, transfer.To))
        {
            End(transfer, isSuccess: false);
            return;
        }

        transfer.Receiver ??= receiver.Snapshots!.BeginReceive(transfer.Source.Snapshot);
        var bytes = new byte[ChunkBytes];
        var count = transfer.Source.Read(transfer.Receiver.Offset, bytes);
        if (count > 0 && !transfer.Receiver.Append(bytes.AsSpan(0, count)))
            throw new SimulationFailedException("a snapshot's receiver takes fewer bytes than were offered");

        if (transfer.Receiver.Offset < transfer.Source.Snapshot.Length)
        {
            events.After(network.DrawDelay(), () => Step(transfer));
            return;
        }

        if (!transfer.Receiver.TryComplete())
            throw new SimulationFailedException("a snapshot does not survive its transfer");

        Installs++;
        var id = transfer.Source.Snapshot.Id;
        trace.Say(events.Now, $"node {transfer.To} received snapshot {id.Index} from node {transfer.From}");
        receiver.Post(new SnapshotArrived(new NodeId(transfer.From), transfer.Term, id));
        End(transfer, isSuccess: true);
    }

    private void End(SnapshotTransfer transfer, bool isSuccess)
    {
        if (transfer.IsEnded)
            return;

        transfer.IsEnded = true;
        _running.Remove((transfer.From, transfer.To));
        var sender = _nodes[transfer.From - 1];
        var receiver = _nodes[transfer.To - 1];
        if (receiver.Life == transfer.ToLife)
            transfer.Receiver?.Dispose();

        if (sender.Life != transfer.FromLife)
            return;

        transfer.Source.Dispose();
        sender.Post(new SnapshotSendEnded(new NodeId(transfer.To), transfer.Snapshot, isSuccess));
    }
}
