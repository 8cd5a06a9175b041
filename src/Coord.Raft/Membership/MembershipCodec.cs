using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Coord.Raft;

/// <summary>
/// Layout: u8 format, then voters, outgoing voters, learners and learners-next, each as i32 count and i32 numbers in
/// ascending order, then i32 length and the directory. Little-endian.
/// </summary>
internal static class MembershipCodec
{
    private const byte Format = 1;
    private const int NumberBytes = 4;

    public static byte[] Encode(Membership membership)
    {
        IReadOnlyList<NodeId>[] lists =
            [membership.Voters, membership.OutgoingVoters, membership.Learners, membership.LearnersNext];
        var numbers = lists.Length + lists.Sum(list => list.Count) + 1;
        var bytes = new byte[1 + (numbers * NumberBytes) + membership.Directory.Length];
        bytes[0] = Format;
        var rest = bytes.AsSpan(1);
        foreach (var list in lists)
        {
            Write(ref rest, list.Count);
            foreach (var node in list)
                Write(ref rest, node.Value);
        }

        Write(ref rest, membership.Directory.Length);
        membership.Directory.Span.CopyTo(rest);
        return bytes;
    }

    public static bool TryDecode(
        ReadOnlyMemory<byte> payload, LogIndex index, [NotNullWhen(true)] out Membership? membership)
    {
        membership = null;
        if (payload.IsEmpty || payload.Span[0] != Format)
            return false;

        var rest = payload[1..];
        if (!TryRead(ref rest, out NodeId[]? voters) || !TryRead(ref rest, out NodeId[]? outgoing)
            || !TryRead(ref rest, out NodeId[]? learners) || !TryRead(ref rest, out NodeId[]? learnersNext)
            || !TryRead(ref rest, out int length) || length != rest.Length)
            return false;

        if (!IsSound(voters, outgoing, learners, learnersNext))
            return false;

        membership = new Membership
        {
            Voters = voters,
            OutgoingVoters = outgoing,
            Learners = learners,
            LearnersNext = learnersNext,
            Directory = rest,
            Index = index,
        };
        return true;
    }

    // Raft-design M1: somebody votes, nobody is voter and learner at once, and who becomes a learner votes until then.
    private static bool IsSound(NodeId[] voters, NodeId[] outgoing, NodeId[] learners, NodeId[] learnersNext) =>
        voters.Length > 0
        && !learners.Intersect(voters.Concat(outgoing)).Any()
        && learnersNext.All(node => outgoing.Contains(node) && !voters.Contains(node));

    private static bool TryRead(ref ReadOnlyMemory<byte> rest, [NotNullWhen(true)] out NodeId[]? nodes)
    {
        nodes = null;
        if (!TryRead(ref rest, out int count) || count < 0 || count > rest.Length / NumberBytes)
            return false;

        nodes = new NodeId[count];
        for (var i = 0; i < count; i++)
        {
            TryRead(ref rest, out int number);
            nodes[i] = new NodeId(number);
            if (number <= 0 || (i > 0 && nodes[i] <= nodes[i - 1]))
                return false;
        }

        return true;
    }

    private static bool TryRead(ref ReadOnlyMemory<byte> rest, out int number)
    {
        if (!BinaryPrimitives.TryReadInt32LittleEndian(rest.Span, out number))
            return false;

        rest = rest[NumberBytes..];
        return true;
    }

    private static void Write(ref Span<byte> rest, int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, number);
        rest = rest[NumberBytes..];
    }
}
