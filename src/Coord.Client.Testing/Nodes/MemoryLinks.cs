using System.Diagnostics;
using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Client.Testing;

/// <summary>A node's way to its peers: encoded as on a link, and there at once.</summary>
internal sealed class MemoryLinks(InProcessNode from, InProcessCluster cluster) : IPeerLinks
{
    public void Send(NodeId to, PeerMessage message)
    {
        var frame = new byte[PeerCodec.FrameLength(message)];
        PeerCodec.Write(message, frame);
        cluster.Carry(from, to, frame);
    }

    public void Flush()
    {
        // Each message is there when it is sent.
    }

    public void SendSnapshot(NodeId to, SnapshotId snapshot, Term term) =>
        throw new UnreachableException("A log in memory is never compacted.");

    public void AbortSnapshots(Term before)
    {
        // None is ever sent.
    }

    public void SetMembers(IReadOnlyList<Member> members)
    {
        // They are linked from the start.
    }

    public void Reconnect()
    {
        // No node of a test cluster has anything to recover from.
    }
}
