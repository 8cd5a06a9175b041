using System.Buffers.Binary;

namespace Coord.Raft.Tests;


/// <summary>Draws changes of the membership: nodes come as learners, rise to voters, sink again and go.</summary>
internal static class RandomChanges
{
    public static ChangeMembership Draw(SplitMix64 random, Membership now, IReadOnlyList<NodeId> nodes, long token)
    {
        var voters = now.Voters.ToHashSet();
        var learners = now.Learners.ToHashSet();
        for (var moves = 1 + random.Below(2); moves > 0; moves--)
            Move(random, nodes[random.Below(nodes.Count)], voters, learners);

        // What the node keeps with it is different each time, so that a mix-up shows.
        var directory = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(directory, token);
        return new ChangeMembership(token, [.. voters], [.. learners], directory, Force: random.Below(4) == 0);
    }

    private static void Move(SplitMix64 random, NodeId node, HashSet<NodeId> voters, HashSet<NodeId> learners)
    {
        var isUp = random.Below(4) > 0;
        if (voters.Contains(node))
        {
            // Small groups shrink rarely, or every run ends with a single voter.
            if (voters.Count < 3 && random.Below(4) > 0)
                return;
            voters.Remove(node);
            if (random.Below(2) == 0)
                learners.Add(node);
        }
        else if (learners.Remove(node))
        {
            if (isUp)
                voters.Add(node);
        }
        else
        {
            learners.Add(node);
        }
    }
}
