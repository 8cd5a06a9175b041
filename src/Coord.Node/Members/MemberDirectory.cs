using System.Diagnostics.CodeAnalysis;
using System.Text;
using Coord.Node.Hosting;
using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Node.Members;

/// <summary>
/// Who the members are and where: what a membership entry carries besides the roles, which are the engine's. Sorted by
/// number, each number once.
/// </summary>
internal sealed class MemberDirectory
{
    private const byte Format = 1;
    private const int MemberBytesMin = 4 + 16 + 4 + 1 + (3 * (2 + 4));
    private const int HostBytesMax = 255;

    private readonly Member[] members;

    /// <exception cref="ArgumentException">Two members have the same number.</exception>
    public MemberDirectory(IEnumerable<Member> members)
    {
        this.members = [.. members.OrderBy(member => member.Id)];
        for (var i = 1; i < this.members.Length; i++)
        {
            if (this.members[i].Id == this.members[i - 1].Id)
                throw new ArgumentException($"Node {this.members[i].Id.Value} is listed twice.", nameof(members));
        }
    }

    public static MemberDirectory Empty { get; } = new([]);

    public IReadOnlyList<Member> Members => members;

    /// <summary>The member of this number, or null.</summary>
    public Member? Find(NodeId id) => Array.Find(members, member => member.Id == id);

    /// <summary>With this member in the place of one of its number.</summary>
    public MemberDirectory With(Member member) =>
        new([.. members.Where(other => other.Id != member.Id), member]);

    /// <summary>
    /// Layout: u8 format, i32 count, then per member i32 number, u128 incarnation, i32 election port, u8 votes, and for
    /// each of peer, client and admin address u16 length, the host in UTF-8, i32 port.
    /// </summary>
    public byte[] Encode()
    {
        var buffer = new byte[1 + 4 + members.Sum(LengthOf)];
        var writer = new WireWriter(buffer);
        writer.Byte(Format);
        writer.Int32(members.Length);
        foreach (var member in members)
            Write(ref writer, member);
        return buffer;
    }

    /// <summary>Writes one member; <see cref="LengthOf(Member)"/> bytes.</summary>
    public static void Write(ref WireWriter writer, Member member)
    {
        writer.Int32(member.Id.Value);
        writer.UInt128(member.Incarnation);
        writer.Int32(member.ElectionPort);
        writer.Flag(member.Votes);
        Write(ref writer, member.Peer);
        Write(ref writer, member.Client);
        Write(ref writer, member.Admin);
    }

    /// <summary>Reads one member, or null where the bytes are none.</summary>
    public static Member? Read(ref WireReader reader)
    {
        var id = new NodeId(reader.Int32());
        var incarnation = reader.UInt128();
        var electionPort = reader.Int32();
        var votes = reader.Flag();
        var isRead = TryRead(ref reader, out var peer) & TryRead(ref reader, out var client)
            & TryRead(ref reader, out var admin);
        return isRead && id.Value > 0
            ? new Member(id, incarnation, peer!, client!, admin!) { ElectionPort = electionPort, Votes = votes }
            : null;
    }

    public static int LengthOf(Member member) =>
        4 + 16 + 4 + 1 + LengthOf(member.Peer) + LengthOf(member.Client) + LengthOf(member.Admin);

    /// <summary>The directory in the bytes; none in no bytes.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, [NotNullWhen(true)] out MemberDirectory? directory)
    {
        directory = bytes.IsEmpty ? Empty : null;
        if (directory is not null)
            return true;
        var reader = new WireReader(bytes);
        if (reader.Byte() != Format)
            return false;
        var members = new Member[reader.Count(MemberBytesMin)];
        for (var i = 0; i < members.Length; i++)
        {
            if (Read(ref reader) is not { } member || (i > 0 && member.Id <= members[i - 1].Id))
                return false;
            members[i] = member;
        }

        if (!reader.IsComplete)
            return false;
        directory = new MemberDirectory(members);
        return true;
    }

    private static int LengthOf(NodeAddress address) => 2 + Encoding.UTF8.GetByteCount(address.Host) + 4;

    private static void Write(ref WireWriter writer, NodeAddress address)
    {
        var host = Encoding.UTF8.GetBytes(address.Host);
        writer.UInt16((ushort)host.Length);
        writer.Bytes(host);
        writer.Int32(address.Port);
    }

    private static bool TryRead(ref WireReader reader, [NotNullWhen(true)] out NodeAddress? address)
    {
        var length = reader.UInt16();
        var host = reader.Text(Math.Min((int)length, HostBytesMax));
        var port = reader.Int32();
        address = length is > 0 and <= HostBytesMax && port is > 0 and <= 65_535 ? new NodeAddress(host, port) : null;
        return address is not null;
    }
}
