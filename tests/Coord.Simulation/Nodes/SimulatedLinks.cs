using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Raft;
using Coord.Simulation.Checks;
using Coord.Simulation.Network;

namespace Coord.Simulation.Nodes;

/// <summary>
/// A node's way to its peers: real bytes over the simulated network, and simulated snapshot transfers.
/// </summary>
internal sealed class SimulatedLinks(
    int node, SimulatedNetwork network, SnapshotTransfers transfers, RaftChecker checker,
    Action<IReadOnlyList<Member>> setMembers, Action reconnect) : IPeerLinks
{
    public void Send(NodeId to, PeerMessage message)
    {
        if (message is RaftPeerMessage raft)
            checker.Sending(node, to.Value, raft.Message);

        var frame = new byte[PeerCodec.FrameLength(message)];
        PeerCodec.Write(message, frame);
        network.Send(node, to.Value, frame);
    }

    public void Flush()
    {
        // Each message is on its way when it is sent.
    }

    public void SendSnapshot(NodeId to, SnapshotId snapshot, Term term) =>
        transfers.Send(node, to.Value, snapshot, term);

    public void AbortSnapshots(Term before) => transfers.Abort(node, before);

    public void SetMembers(IReadOnlyList<Member> members) => setMembers(members);

    public void Reconnect() => reconnect();
}
