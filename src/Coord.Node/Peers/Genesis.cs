using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Coord.Node.Members;

namespace Coord.Node.Peers;

/// <summary>
/// How a cluster began: its id, and the nodes that were all there once (raft-design M14), sorted by id.
/// </summary>
internal sealed record Genesis(UInt128 ClusterId, IReadOnlyList<Member> Members)
{
    /// <summary>
    /// The genesis that every founding node computes for itself: the id is the beginning of the SHA-256 of the name
    /// and of each member's id and incarnation. Never zero, which stands for "no cluster yet".
    /// </summary>
    public static Genesis Of(string clusterName, IEnumerable<Member> members)
    {
        var sorted = members.OrderBy(member => member.Id).ToArray();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(clusterName));
        Span<byte> line = stackalloc byte[20];
        foreach (var member in sorted)
        {
            BinaryPrimitives.WriteInt32LittleEndian(line, member.Id.Value);
            BinaryPrimitives.WriteUInt128LittleEndian(line[4..], member.Incarnation);
            hash.AppendData(line);
        }

        var id = BinaryPrimitives.ReadUInt128LittleEndian(hash.GetHashAndReset());
        return new Genesis(id == 0 ? 1 : id, sorted);
    }
}
