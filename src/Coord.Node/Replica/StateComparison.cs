using Coord.Node.Metrics;
using Coord.Node.Peers;
using Coord.Raft;
using Microsoft.Extensions.Logging;

namespace Coord.Node.Replica;

/// <summary>
/// Compares what the nodes made of the same entries (design.md section 10). Each follower tells its leader the rolling
/// digest at indexes that all have in common. Who differs from the leader stops; where more voters agree against the
/// leader than with it, the leader does: a stopped node costs availability, a diverged one costs data.
/// </summary>
internal sealed class StateComparison(
    ReplicaView view, RaftCore core, ReplicaMetrics metrics, IPeerLinks links, ILogger logger)
{
    // As many as a node keeps of its own.
    private const int IndexesMax = 64;

    private readonly SortedDictionary<long, Dictionary<NodeId, ulong>> told = [];
    private readonly HashSet<NodeId> differing = [];
    private long tellFrom;
    private long judgedTo;

    private DigestLog Own => metrics.Digests;

    /// <summary>
    /// Role, term, leader or the way to it changed: what was told may be lost, and is told again.
    /// </summary>
    public void Reset()
    {
        told.Clear();
        differing.Clear();
        tellFrom = 0;
        judgedTo = 0;
    }

    /// <summary>A follower tells this leader what it has; or the leader tells that it differs.</summary>
    public void Take(NodeId from, StateDigest state)
    {
        if (view.IsLeader)
            Note(from, state);
        else if (from == view.Leader)
            RequireSame(state);
    }

    /// <summary>End of the turn: a follower tells, a leader judges what it could not before.</summary>
    public void EndTurn()
    {
        if (Own.Latest is not [.., { Index: var newest }])
            return;
        if (!view.IsLeader)
            Tell();
        else if (newest > judgedTo)
            JudgeTo(newest);
    }

    private void Tell()
    {
        if (view.Leader is not { } leader || Own.Latest[^1].Index <= tellFrom)
            return;
        foreach (var at in Own.Latest)
        {
            if (at.Index > tellFrom)
                links.Send(leader, new StateDigest(at.Index, at.Digest));
        }

        tellFrom = Own.Latest[^1].Index;
    }

    private void Note(NodeId from, StateDigest state)
    {
        if (!core.Membership.Contains(from))
            return;
        if (!told.TryGetValue(state.Index, out var digests))
            told[state.Index] = digests = [];
        digests[from] = state.Digest;
        Judge(state.Index, digests);
        if (told.Count > IndexesMax)
            told.Remove(told.Keys.First());
    }

    // Followers may have been told of a commit, and have applied it, before this leader has.
    private void JudgeTo(long newest)
    {
        foreach (var (index, digests) in told.Where(at => at.Key > judgedTo && at.Key <= newest).ToArray())
            Judge(index, digests);
        judgedTo = newest;
    }

    private void Judge(long index, Dictionary<NodeId, ulong> digests)
    {
        if (Own.Find(index) is not { } own)
            return;
        var others = digests.Where(told => told.Value != own).Select(told => told.Key).ToArray();
        differing.ExceptWith(digests.Keys.Except(others));
        foreach (var node in others)
            TellOf(node, index);

        // Of a change of voters both sets are asked. Nothing is decided that a voter who is down now could contradict:
        // a tie that it would have broken could make the wrong state everybody's.
        NodeId[] voters = [.. core.Membership.Voters.Union(core.Membership.OutgoingVoters)];
        var (with, against) = Count(voters, digests, own);
        var isDecided = Math.Max(with, against) > voters.Length / 2
            || voters.All(voter => voter == view.Self || digests.ContainsKey(voter));
        if (others.Length == 0 || !isDecided)
            return;
        if (against > with)
            ReplicaTrace.StateDiffers(logger, index);
        Invariant.Require(against <= with, "This leader made the same of its log as the other voters.");
        foreach (var node in others)
            links.Send(node, new StateDigest(index, own));
    }

    // Voters with the leader's digest, and those that agree on the commonest other one.
    private (int With, int Against) Count(NodeId[] voters, Dictionary<NodeId, ulong> digests, ulong own)
    {
        var counts = voters
            .Where(voter => voter == view.Self || digests.ContainsKey(voter))
            .CountBy(voter => voter == view.Self ? own : digests[voter])
            .ToDictionary();
        var with = counts.GetValueOrDefault(own);
        counts.Remove(own);
        return (with, counts.Count > 0 ? counts.Values.Max() : 0);
    }

    private void TellOf(NodeId node, long index)
    {
        if (!differing.Add(node))
            return;
        metrics.StatesDiffering.Add();
        ReplicaTrace.StateOfNodeDiffers(logger, node.Value, index);
    }

    private void RequireSame(StateDigest state)
    {
        if (Own.Find(state.Index) is not { } own || own == state.Digest)
            return;
        ReplicaTrace.StateDiffers(logger, state.Index);
        Invariant.Require(false, "This node made the same of its log as the leader.");
    }
}
