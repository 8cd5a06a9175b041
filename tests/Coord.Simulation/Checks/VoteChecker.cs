using Coord.Raft;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Checks;

/// <summary>
/// Votes (raft-design T9): one per node and term, over all its lives, durable before it is told; a leader has those of
/// a quorum of its membership; a recovering node gives and asks for none (P30).
/// </summary>
internal sealed class VoteChecker
{
    private readonly Dictionary<(int Node, long Term), int> _given = [];
    private readonly Dictionary<(int Node, long Term), int> _givenBefore = [];
    private readonly HashSet<int> _recovering = [];
    private readonly Dictionary<int, HardState> _written = [];

    /// <summary>A node starts with this state on its disk; a vote that was lost unflushed was never told.</summary>
    public void Recovered(int node, HardState state, bool isRecovering)
    {
        _written[node] = state;
        if (isRecovering)
            _recovering.Add(node);
        else
            _recovering.Remove(node);
    }

    /// <summary>
    /// The node takes part again: a vote that it forgot can do no harm any more, and must make no leader.
    /// </summary>
    public void HasRecovered(int node)
    {
        _recovering.Remove(node);
        var term = _written[node].Term.Value;
        foreach (var key in _given.Keys.Where(k => k.Node == node && k.Term > term).ToArray())
            _given.Remove(key);
    }

    public bool IsRecovering(int node) => _recovering.Contains(node);

    /// <summary>The node's disk was replaced by an empty one: it is another node now.</summary>
    public void Wiped(int node)
    {
        _written.Remove(node);
        foreach (var key in _given.Keys.Where(k => k.Node == node).ToArray())
        {
            _givenBefore[key] = _given[key];
            _given.Remove(key);
        }
    }

    /// <summary>Term and vote are written.</summary>
    public void Writing(int node, HardState state)
    {
        var before = _written.GetValueOrDefault(node);
        Require(state.Term >= before.Term, () => $"node {node} writes term {state.Term} after {before.Term}");
        Require(state.Term > before.Term || before.VotedFor is null || state.VotedFor == before.VotedFor, () =>
            $"node {node} votes for {state.VotedFor} in term {state.Term}, after a vote for {before.VotedFor}");
        _written[node] = state;
    }

    /// <summary>A vote is told, or asked for.</summary>
    public void Sending(int node, int to, RaftMessage message)
    {
        switch (message)
        {
            case VoteResponse { Granted: true } response:
                Require(!IsRecovering(node), () => $"node {node} is recovering and votes in term {message.Term}");
                if (!response.PreVote)
                    Give(node, message.Term.Value, to);
                break;
            case VoteRequest request:
                Require(!IsRecovering(node), () => $"node {node} is recovering and campaigns in term {message.Term}");
                if (!request.PreVote)
                    Give(node, message.Term.Value, node);
                break;
            default:
                break;
        }
    }

    /// <summary>A node leads: a quorum of its membership has voted for it.</summary>
    public void Elected(int node, long term, Membership membership)
    {
        // A vote of a disk that was replaced since may have been on its way.
        bool HasVoted(int voter) => voter == node || _given.GetValueOrDefault((voter, term)) == node
            || _givenBefore.GetValueOrDefault((voter, term)) == node;
        Require(Quorums.Has(membership, HasVoted), () =>
            $"node {node} leads in term {term} without the votes of a quorum of {membership}");
    }

    private void Give(int node, long term, int to)
    {
        if (_given.TryGetValue((node, term), out var other))
        {
            Require(other == to, () => $"node {node} votes for {to} in term {term}, and has voted for {other}");
            return;
        }

        _given[(node, term)] = to;
    }

    private static void Require(bool holds, Func<string> what)
    {
        if (!holds)
            throw new SimulationFailedException(what());
    }
}
