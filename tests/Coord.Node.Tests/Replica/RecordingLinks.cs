using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Node.Tests.Replica;

/// <summary>Keeps what is sent.</summary>
internal sealed class RecordingLinks : IPeerLinks
{
    public List<(int To, PeerMessage Message)> Sent { get; } = [];

    public void Send(NodeId to, PeerMessage message) => Sent.Add((to.Value, message));

    public void Flush()
    {
        // Each message is kept when it is sent.
    }

    public void SendSnapshot(NodeId to, SnapshotId snapshot, Term term) =>
        throw new InvalidOperationException("Nobody is behind.");

    public void AbortSnapshots(Term before)
    {
        // None is under way.
    }

    public void SetMembers(IReadOnlyList<Member> members)
    {
        // Whoever sends is linked.
    }

    public void Reconnect()
    {
        // There is nobody to tell.
    }
}
