using Coord.Raft;
using Coord.Simulation.Runs;

namespace Coord.Simulation.Checks;

/// <summary>
/// Changes of the membership (raft-design T9, M3 to M5): two that follow each other share a node in all their quorums,
/// none is begun by a leader before the one before it is committed, and what is in force is the last one in the log.
/// </summary>
internal sealed class MembershipChecker(Membership founding)
{
    private readonly Dictionary<(long Index, long Term), Membership> _known = [];
    private readonly Dictionary<int, (Membership Before, Membership Now)> _active = [];

    private readonly List<Membership> _committed = [];

    private Membership _latest = founding;
    private readonly HashSet<(long Index, long Term)> _pending = [];

    /// <summary>The membership in force; null while one that is not committed, or joint, may be.</summary>
    /// <param name="committed">The last committed entry.</param>
    /// <param name="isHeld">Whether an entry is in the log of any node: it may still be committed.</param>
    public Membership? Settled(long committed, Func<(long Index, long Term), bool> isHeld)
    {
        _pending.RemoveWhere(entry => entry.Index <= committed);
        return _latest.IsJoint || _pending.Any(isHeld) ? null : _latest;
    }

    /// <summary>The node begins anew, on another disk.</summary>
    public void Wiped(int node) => _active.Remove(node);

    /// <summary>Memberships that were committed, each one counted once.</summary>
    public int Committed { get; private set; }

    /// <summary>What is in force at a node after a turn: it counts for what was committed in the turn too.</summary>
    public void Turned(int node, Membership active, NodeLog log)
    {
        var expected = InForce(log);
        Require(active.Index.Value == expected, () =>
            $"node {node} goes by the membership of entry {active.Index}, the last one in its log is entry {expected}");
        var before = _active.TryGetValue(node, out var known) ? known.Now : active;
        _active[node] = (before, active);
    }

    // Raft-design M3, M4: the last one in the log, whether it is committed or not, or that of the snapshot below it.
    private long InForce(NodeLog log)
    {
        var last = 0L;
        foreach (var (index, term) in _known.Keys)
        {
            if (index > last && index > log.BaseIndex && log.Holds(index, term))
                last = index;
        }

        for (var i = _committed.Count - 1; i >= 0 && last == 0; i--)
        {
            if (_committed[i].Index.Value <= log.BaseIndex)
                last = _committed[i].Index.Value;
        }

        return last;
    }

    /// <summary>Whether the nodes are a quorum of what was in force at the node before or after its turn.</summary>
    public bool HasQuorum(int node, Func<int, bool> holds)
    {
        var (before, now) = _active[node];
        return Quorums.Has(now, holds) || Quorums.Has(before, holds);
    }

    /// <summary>An entry is appended; of a leader in office it begins a change.</summary>
    public void Appended(int node, Entry entry, bool isLeader, long commit)
    {
        if (entry.Kind != EntryKind.Membership)
            return;

        if (!Membership.TryDecode(entry.Payload, entry.Index, out var next))
            throw new SimulationFailedException($"node {node}: entry {entry.Index} holds no membership");

        _pending.Add((entry.Index.Value, entry.Term.Value));
        _known[(entry.Index.Value, entry.Term.Value)] = next;
        if (!isLeader || !_active.TryGetValue(node, out var active))
            return;

        // What is in force was appended before; it must be committed unless it is below the commit index anyhow.
        var now = active.Now;
        if (now.Index >= entry.Index)
            return;

        Require(now.Index.Value <= commit, () =>
            $"node {node} begins a change at {entry.Index}, and the one at {now.Index} is not committed");
        Require(Quorums.Overlap(now, next), () =>
            $"node {node} goes from {now} to {next}, which have quorums without a common node");
    }

    /// <summary>An entry was committed for the first time.</summary>
    public void Commit(long index, long term)
    {
        if (!_known.TryGetValue((index, term), out var membership))
            return;

        _committed.Add(membership);
        if (membership.Index > _latest.Index)
            _latest = membership;

        if (!membership.IsJoint)
            Committed++;
    }

    private static void Require(bool holds, Func<string> what)
    {
        if (!holds)
            throw new SimulationFailedException(what());
    }
}
