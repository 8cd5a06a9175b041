using System.Text;
using Coord.Node.Members;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// Who a node is and whom it wants: the first thing on every peer connection, in both directions (raft-design I1).
/// </summary>
internal sealed record PeerHello
{
    /// <summary>The wire version this build speaks; a build speaks the one before it too (raft-design I6).</summary>
    public const ushort WireVersion = 1;

    /// <summary>Longest hello frame: strangers cannot make a node allocate more. Two lists of members fit.</summary>
    public const int FrameBytesMax = 64 * 1024;

    private const long Magic = 0x0252_4545_5044_5243; // "CRDPEER", 2
    private const int MemberBytesMin = 4 + 16 + 4 + 1 + (3 * (2 + 1 + 4));
    private const int FixedBytes = 8 + 1 + 2 + 2 + 16 + 8 + 8 + 4 + 2 + 2 + 2 + 4 + 8 + 8 + 1 + 4 + 2 + 4 + 8 + 4;

    public required PeerChannel Channel { get; init; }

    public ushort WireVersionMin { get; init; } = WireVersion;

    public ushort WireVersionMax { get; init; } = WireVersion;

    public required string ClusterName { get; init; }

    /// <summary>0 while the node has no cluster.</summary>
    public UInt128 ClusterId { get; init; }

    /// <summary>The node itself: its incarnation, and where its own settings say that it listens.</summary>
    public required Member Self { get; init; }

    /// <summary>Counts the node's processes on this data directory (raft-design I4).</summary>
    public required long StartNumber { get; init; }

    /// <summary>Counts the connections that this process began.</summary>
    public long LinkSession { get; init; }

    public required NodeId ExpectedPeer { get; init; }

    /// <summary>The lowest feature level that this build can work at (raft-design I6).</summary>
    public ushort FeatureLevelMin { get; init; } = FeatureLevels.Min;

    /// <summary>The highest feature level that this build knows.</summary>
    public ushort FeatureLevelMax { get; init; } = FeatureLevels.Max;

    /// <summary>The cluster's feature level as far as this node has applied it.</summary>
    public ushort FeatureLevel { get; init; } = FeatureLevels.Min;

    public int PeerFrameBytesMax { get; init; }

    public LogIndex LastIndex { get; init; }

    public Term Term { get; init; }

    public bool IsRecovering { get; init; }

    /// <summary>The leader the node knows, 0 for none (raft-design E18).</summary>
    public NodeId KnownLeader { get; init; }

    /// <summary>Who founded the cluster: what a node that joins takes over (raft-design M14). Empty before.</summary>
    public IReadOnlyList<Member> Genesis { get; init; } = [];

    /// <summary>The entry that set <see cref="Members"/>; 0 for the genesis.</summary>
    public LogIndex MembershipIndex { get; init; }

    /// <summary>
    /// The members, with the incarnations by which this node knows them; before there is a cluster the configured
    /// nodes, with incarnation 0.
    /// </summary>
    public required IReadOnlyList<Member> Members { get; init; }

    public NodeId Node => Self.Id;

    public UInt128 Incarnation => Self.Incarnation;

    public int EncodedLength => FixedBytes + Encoding.UTF8.GetByteCount(ClusterName) + MemberDirectory.LengthOf(Self)
        + Genesis.Sum(MemberDirectory.LengthOf) + Members.Sum(MemberDirectory.LengthOf);

    /// <summary>The member of this number that the node knows, or null.</summary>
    public Member? Find(NodeId id) => Members.FirstOrDefault(member => member.Id == id);

    /// <summary>Writes all fields in the order of the properties above, behind the magic number.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.Int64(Magic);
        writer.Byte((byte)Channel);
        writer.UInt16(WireVersionMin);
        writer.UInt16(WireVersionMax);
        var name = Encoding.UTF8.GetBytes(ClusterName);
        writer.UInt16((ushort)name.Length);
        writer.Bytes(name);
        writer.UInt128(ClusterId);
        MemberDirectory.Write(ref writer, Self);
        writer.Int64(StartNumber);
        writer.Int64(LinkSession);
        writer.Int32(ExpectedPeer.Value);
        writer.UInt16(FeatureLevelMin);
        writer.UInt16(FeatureLevelMax);
        writer.UInt16(FeatureLevel);
        writer.Int32(PeerFrameBytesMax);
        writer.Int64(LastIndex.Value);
        writer.Int64(Term.Value);
        writer.Flag(IsRecovering);
        writer.Int32(KnownLeader.Value);
        Write(ref writer, Genesis);
        writer.Int64(MembershipIndex.Value);
        Write(ref writer, Members);
    }

    /// <summary>
    /// Null when the magic number is not there, or a member is none; whether all fields were, the reader knows. What
    /// a newer wire version appends is passed over: whether the two have one in common is for the handshake to say.
    /// </summary>
    public static PeerHello? Read(ref WireReader reader)
    {
        if (reader.Int64() != Magic)
            return null;
        var channel = (PeerChannel)reader.Byte();
        var (versionMin, versionMax) = (reader.UInt16(), reader.UInt16());
        var name = reader.Text(reader.UInt16());
        var clusterId = reader.UInt128();
        if (MemberDirectory.Read(ref reader) is not { } self)
            return null;
        var hello = new PeerHello
        {
            Channel = channel,
            WireVersionMin = versionMin,
            WireVersionMax = versionMax,
            ClusterName = name,
            ClusterId = clusterId,
            Self = self,
            StartNumber = reader.Int64(),
            LinkSession = reader.Int64(),
            ExpectedPeer = new NodeId(reader.Int32()),
            FeatureLevelMin = reader.UInt16(),
            FeatureLevelMax = reader.UInt16(),
            FeatureLevel = reader.UInt16(),
            PeerFrameBytesMax = reader.Int32(),
            LastIndex = new LogIndex(reader.Int64()),
            Term = new Term(reader.Int64()),
            IsRecovering = reader.Flag(),
            KnownLeader = new NodeId(reader.Int32()),
            Genesis = ReadMembers(ref reader),
            MembershipIndex = new LogIndex(reader.Int64()),
            Members = ReadMembers(ref reader),
        };
        if (versionMax > WireVersion)
            reader.Slice(reader.Remaining);
        return hello;
    }

    private static void Write(ref WireWriter writer, IReadOnlyList<Member> members)
    {
        writer.Int32(members.Count);
        foreach (var member in members)
            MemberDirectory.Write(ref writer, member);
    }

    private static List<Member> ReadMembers(ref WireReader reader)
    {
        var count = reader.Count(MemberBytesMin);
        var members = new List<Member>(count);
        for (var i = 0; i < count && MemberDirectory.Read(ref reader) is { } member; i++)
            members.Add(member);

        // A list that ends early makes the rest of the frame read as something else: fail here.
        if (members.Count < count)
            reader.Fail();
        return members;
    }
}
