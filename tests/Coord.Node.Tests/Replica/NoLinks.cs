using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Node.Tests.Replica;

/// <summary>A node alone: whatever it sends goes nowhere.</summary>
internal sealed class NoLinks : IPeerLinks
{
    public void Send(NodeId to, PeerMessage message)
    {
        // Nobody is there.
    }

    public void Flush()
    {
        // Nothing was queued.
    }

    public void SendSnapshot(NodeId to, SnapshotId snapshot, Term term)
    {
        // Nobody is there.
    }

    public void AbortSnapshots(Term before)
    {
        // None is under way.
    }

    public void SetMembers(IReadOnlyList<Member> members)
    {
        // Nobody is linked.
    }

    public void Reconnect()
    {
        // There is nobody to tell.
    }
}
