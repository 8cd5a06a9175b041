namespace Coord.Raft;

/// <summary>
/// The one place that decides for a membership: votes, commits, read barriers and check-quorum ask here (raft-design
/// C1, M2). A joint membership takes a majority of both its sets. Whoever asks may be no voter itself.
/// </summary>
internal sealed class JointQuorum
{
    private readonly NodeId[] incoming;
    private readonly NodeId[] outgoing;
    private readonly long[] incomingValues;
    private readonly long[] outgoingValues;

    /// <summary>The quorum of this membership.</summary>
    public JointQuorum(Membership membership)
    {
        incoming = [.. membership.Voters];
        outgoing = [.. membership.OutgoingVoters];
        incomingValues = new long[incoming.Length];
        outgoingValues = new long[outgoing.Length];
    }

    /// <summary>The largest number that a quorum has reached: the lower one of both sets'.</summary>
    public long HighestReached<TFrom>(TFrom from, Func<TFrom, NodeId, long> valueOf)
    {
        var reached = HighestReached(incoming, incomingValues, from, valueOf);
        return outgoing.Length == 0
            ? reached
            : Math.Min(reached, HighestReached(outgoing, outgoingValues, from, valueOf));
    }

    /// <summary>True when a quorum holds.</summary>
    public bool IsReached<TFrom>(TFrom from, Func<TFrom, NodeId, bool> holds) =>
        incoming.Length > 0
        && Quorum.IsReached(Count(incoming, from, holds), incoming.Length)
        && (outgoing.Length == 0 || Quorum.IsReached(Count(outgoing, from, holds), outgoing.Length));

    /// <summary>True when so many refuse that no quorum can hold any more.</summary>
    public bool IsLost<TFrom>(TFrom from, Func<TFrom, NodeId, bool> refuses) =>
        incoming.Length == 0
        || Quorum.IsLost(Count(incoming, from, refuses), incoming.Length)
        || (outgoing.Length > 0 && Quorum.IsLost(Count(outgoing, from, refuses), outgoing.Length));

    private static long HighestReached<TFrom>(
        NodeId[] voters, long[] values, TFrom from, Func<TFrom, NodeId, long> valueOf)
    {
        for (var i = 0; i < voters.Length; i++)
            values[i] = valueOf(from, voters[i]);
        return Quorum.HighestReached(values);
    }

    private static int Count<TFrom>(NodeId[] voters, TFrom from, Func<TFrom, NodeId, bool> holds)
    {
        var count = 0;
        foreach (var voter in voters)
            count += holds(from, voter) ? 1 : 0;
        return count;
    }
}
