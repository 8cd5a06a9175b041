namespace Coord.Raft.Tests;


/// <summary>What must hold of memberships, whatever happened (Raft thesis 4; raft-design T9, M2, M5).</summary>
internal sealed class MembershipOracle
{
    private readonly Dictionary<NodeId, Membership> inForce = [];
    private readonly Dictionary<(LogIndex Index, Term Term), Membership> appended = [];

    /// <summary>How many changes were begun, joint and final counted apart.</summary>
    public int Appended => appended.Count;

    /// <summary>All that are or may come into force: the last one that is committed, and whatever came after.</summary>
    public IEnumerable<Membership> Open(Func<LogIndex, Term?> committedTerm, Membership genesis)
    {
        var settled = appended
            .Where(known => committedTerm(known.Key.Index) == known.Key.Term)
            .OrderBy(known => known.Key.Index)
            .Select(known => known.Value)
            .LastOrDefault() ?? genesis;
        return appended.Values.Where(membership => membership.Index > settled.Index).Append(settled);
    }

    /// <summary>
    /// A quorum holds what is called committed. Between two looks at a leader its membership changes once at most: the
    /// one before or the one now decided.
    /// </summary>
    public void CheckQuorum(TestNode node, Func<NodeId, bool> holds)
    {
        var now = node.Core.State.Membership;
        var before = inForce.GetValueOrDefault(node.Id, now);
        Assert.True(
            IsReached(now, holds) || IsReached(before, holds),
            $"{node.Id} calls committed what no quorum of {now}, nor of {before}, holds.");
    }

    /// <summary>After everything else that is looked at in a turn.</summary>
    public void Check(TestNode node, LogIndex committed)
    {
        var now = node.Core.State.Membership;
        inForce[node.Id] = now;
        foreach (var entry in node.LastReady?.Append?.Entries ?? [])
        {
            if (entry.Kind != EntryKind.Membership)
                continue;

            Assert.True(Membership.TryDecode(entry.Payload, entry.Index, out var membership), "It can be read.");
            appended.TryAdd((entry.Index, entry.Term), membership);
            CheckStep(node, membership);
        }

        CheckOneAtATime(node, committed);
        if (node.ToInstall is null)
            Assert.Equal(InLogOf(node), now);
    }

    // Raft-design M3, M4: in force is what the own log says, appended or taken back.
    private static Membership InLogOf(TestNode node)
    {
        var set = node.Disk.Entries.Where(entry => entry.Kind == EntryKind.Membership).ToList();
        foreach (var append in node.Unwritten.Where(append => append.Entries.Count > 0))
        {
            set.RemoveAll(entry => entry.Index >= append.FirstIndex);
            set.AddRange(append.Entries.Where(entry => entry.Kind == EntryKind.Membership));
        }

        if (set.Count == 0 || set[^1].Index <= node.Disk.Snapshot.Index)
            return node.Disk.Snapshot.Membership;
        Assert.True(Membership.TryDecode(set[^1].Payload, set[^1].Index, out var membership), "It can be read.");
        return membership;
    }

    // Raft thesis 4.1 and 4.3: no membership follows another one unless any two quorums of theirs share a voter.
    private void CheckStep(TestNode node, Membership membership)
    {
        if (Before(node, membership.Index) is not { } before)
            return;

        if (membership.IsJoint)
            Assert.Equal(before.Voters, membership.OutgoingVoters);
        else
            Assert.Equal(before.Voters, membership.Voters);
        Assert.True(!membership.IsJoint || !before.IsJoint, "A joint membership is left, not changed.");
    }

    private void CheckOneAtATime(TestNode node, LogIndex committed)
    {
        var log = node.Core.State.Log;
        var pending = appended.Keys.Count(key => key.Index > committed && log.Matches(key.Index, key.Term));
        Assert.True(pending <= 1, $"{node.Id} has {pending} changes that are not committed.");
    }

    private Membership? Before(TestNode node, LogIndex index)
    {
        var log = node.Core.State.Log;
        return appended
            .Where(known => known.Key.Index < index && log.Matches(known.Key.Index, known.Key.Term))
            .OrderBy(known => known.Key.Index)
            .LastOrDefault().Value;
    }

    // Counted here once more, apart from the rule under test.
    private static bool IsReached(Membership membership, Func<NodeId, bool> holds) =>
        membership.Voters.Count(holds) * 2 > membership.Voters.Count
        && (!membership.IsJoint
            || membership.OutgoingVoters.Count(holds) * 2 > membership.OutgoingVoters.Count);
}
