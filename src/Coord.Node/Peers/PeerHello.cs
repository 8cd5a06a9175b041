using System.Text;
using Coord.Raft;

namespace Coord.Node.Peers;

/// <summary>
/// Who a node is and whom it wants: the first thing on every peer connection, in both directions (raft-design I1).
/// </summary>
internal sealed record PeerHello
{
    /// <summary>The wire version this build speaks; a build speaks the one before it too (raft-design I6).</summary>
    public const ushort WireVersion = 1;

    /// <summary>Longest hello frame: strangers cannot make a node allocate more.</summary>
    public const int FrameBytesMax = 4_096;

    private const long Magic = 0x0152_4545_5044_5243; // "CRDPEER", 1
    private const int MemberBytes = 4 + 16;
    private const int FixedBytes =
        8 + 1 + 2 + 2 + 16 + 4 + 16 + 8 + 8 + 4 + 16 + 2 + 2 + 4 + 8 + 8 + 1 + 4 + 2 + 4;

    public required PeerChannel Channel { get; init; }

    public ushort WireVersionMin { get; init; } = WireVersion;

    public ushort WireVersionMax { get; init; } = WireVersion;

    public required string ClusterName { get; init; }

    /// <summary>0 while the node has no cluster.</summary>
    public UInt128 ClusterId { get; init; }

    public required NodeId Node { get; init; }

    public required UInt128 Incarnation { get; init; }

    /// <summary>Counts the node's processes on this data directory (raft-design I4).</summary>
    public required long StartNumber { get; init; }

    /// <summary>Counts the connections that this process began.</summary>
    public long LinkSession { get; init; }

    public required NodeId ExpectedPeer { get; init; }

    /// <summary>The incarnation that the genesis has for the expected peer; 0 while there is none.</summary>
    public UInt128 ExpectedIncarnation { get; init; }

    public ushort FeatureLevelMin { get; init; } = 1;

    public ushort FeatureLevelMax { get; init; } = 1;

    public int PeerFrameBytesMax { get; init; }

    public LogIndex LastIndex { get; init; }

    public Term Term { get; init; }

    public bool IsRecovering { get; init; }

    /// <summary>The leader the node knows, 0 for none (raft-design E18).</summary>
    public NodeId KnownLeader { get; init; }

    /// <summary>The genesis; before it the configured nodes, with incarnation 0.</summary>
    public required IReadOnlyList<Founder> Members { get; init; }

    public int EncodedLength => FixedBytes + Encoding.UTF8.GetByteCount(ClusterName) + (MemberBytes * Members.Count);

    /// <summary>Writes all fields in the order of the properties above, behind the magic number.</summary>
    public void Write(ref WireWriter writer)
    {
        writer.Int64(Magic);
        writer.Byte((byte)Channel);
        writer.UInt16(WireVersionMin);
        writer.UInt16(WireVersionMax);
        writer.UInt128(ClusterId);
        writer.Int32(Node.Value);
        writer.UInt128(Incarnation);
        writer.Int64(StartNumber);
        writer.Int64(LinkSession);
        writer.Int32(ExpectedPeer.Value);
        writer.UInt128(ExpectedIncarnation);
        writer.UInt16(FeatureLevelMin);
        writer.UInt16(FeatureLevelMax);
        writer.Int32(PeerFrameBytesMax);
        writer.Int64(LastIndex.Value);
        writer.Int64(Term.Value);
        writer.Flag(IsRecovering);
        writer.Int32(KnownLeader.Value);
        var name = Encoding.UTF8.GetBytes(ClusterName);
        writer.UInt16((ushort)name.Length);
        writer.Int32(Members.Count);
        writer.Bytes(name);
        foreach (var member in Members)
        {
            writer.Int32(member.Id.Value);
            writer.UInt128(member.Incarnation);
        }
    }

    /// <summary>Null when the magic number is not there; whether all fields were, the reader knows.</summary>
    public static PeerHello? Read(ref WireReader reader)
    {
        if (reader.Int64() != Magic)
            return null;
        var hello = new PeerHello
        {
            Channel = (PeerChannel)reader.Byte(),
            WireVersionMin = reader.UInt16(),
            WireVersionMax = reader.UInt16(),
            ClusterId = reader.UInt128(),
            Node = new NodeId(reader.Int32()),
            Incarnation = reader.UInt128(),
            StartNumber = reader.Int64(),
            LinkSession = reader.Int64(),
            ExpectedPeer = new NodeId(reader.Int32()),
            ExpectedIncarnation = reader.UInt128(),
            FeatureLevelMin = reader.UInt16(),
            FeatureLevelMax = reader.UInt16(),
            PeerFrameBytesMax = reader.Int32(),
            LastIndex = new LogIndex(reader.Int64()),
            Term = new Term(reader.Int64()),
            IsRecovering = reader.Flag(),
            KnownLeader = new NodeId(reader.Int32()),
            ClusterName = "",
            Members = [],
        };
        var nameBytes = reader.UInt16();
        var members = new Founder[reader.Count(MemberBytes)];
        var name = Encoding.UTF8.GetString(reader.Slice(nameBytes).Span);
        for (var i = 0; i < members.Length; i++)
            members[i] = new Founder(new NodeId(reader.Int32()), reader.UInt128());
        return hello with { ClusterName = name, Members = members };
    }
}
