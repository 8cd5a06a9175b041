using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Node.Tests.Members;
using Coord.Raft;

namespace Coord.Node.Tests.Peers;

/// <summary>Greetings of nodes of a cluster of three, which have the incarnations 101 and up.</summary>
internal static class Hellos
{
    public static Genesis Began { get; } = Genesis.Of("dev", Members(3));

    public static Member[] Members(int count) =>
        [.. Enumerable.Range(1, count).Select(id => TestMember.Of(id, (UInt128)(100 + id)))];

    public static PeerHello From(int node, int to) => new()
    {
        Channel = PeerChannel.Link,
        ClusterName = "dev",
        ClusterId = Began.ClusterId,
        Self = TestMember.Of(node, (UInt128)(100 + node)),
        StartNumber = 1,
        ExpectedPeer = new NodeId(to),
        Genesis = Began.Members,
        Members = Began.Members,
    };

    /// <summary>A node that has no cluster yet.</summary>
    public static PeerHello Empty(int node, int to) => From(node, to) with
    {
        Channel = PeerChannel.Introduction,
        ClusterId = 0,
        Genesis = [],
        Members = [.. Began.Members.Select(member => member with { Incarnation = 0 })],
    };
}
