using Coord.Fuzz.Bytes;
using Coord.Node.Hosting;
using Coord.Node.Members;
using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Fuzz.Targets;

/// <summary>Valid greetings and members.</summary>
internal static class SampleHello
{
    public static PeerHello Hello(CaseRandom random) => new()
    {
        Channel = random.Pick(Enum.GetValues<PeerChannel>()),
        ClusterName = random.Pick(["", "main", "größe", "a-very-long-name-of-a-cluster"]),
        ClusterId = random.Next(),
        Self = Member(random, random.Between(1, 9)),
        StartNumber = random.AnyLong(),
        LinkSession = random.AnyLong(),
        ExpectedPeer = new NodeId(random.Between(1, 9)),
        PeerFrameBytesMax = random.Below(1 << 24),
        LastIndex = new LogIndex(random.AnyLong()),
        Term = new Term(random.AnyLong()),
        IsRecovering = random.Chance(0.5),
        KnownLeader = new NodeId(random.Below(9)),
        Genesis = Members(random),
        MembershipIndex = new LogIndex(random.AnyLong()),
        Members = Members(random),
    };

    public static Member[] Members(CaseRandom random) =>
        [.. Enumerable.Range(1, random.Below(6)).Select(id => Member(random, id))];

    private static Member Member(CaseRandom random, int id) =>
        new(new NodeId(id), random.Next(), Address(random), Address(random), Address(random))
        {
            Votes = random.Chance(0.8),
            ElectionPort = random.Between(1, 65_535),
        };

    private static NodeAddress Address(CaseRandom random) =>
        new(random.Pick(["a", "10.0.0.1", "::1", "node-1.example"]), random.Between(1, 65_535));
}
