namespace Coord.Raft.Tests;


/// <summary>What must hold of all nodes together, whatever happened (Raft thesis figure 3.2; raft-design T9).</summary>
internal sealed class Oracle(IReadOnlyList<TestNode> nodes)
{
    private readonly Dictionary<Term, NodeId> leaders = [];
    private readonly Dictionary<(LogIndex Index, Term Term), (ulong Hash, Term Previous)> appended = [];
    private readonly List<Entry> committed = [];
    private readonly MembershipOracle memberships = new();

    // The term in which each of them was called committed first.
    private readonly List<Term> committedIn = [];
    private readonly Dictionary<(NodeId Node, Term Term), NodeId> votes = [];
    private readonly Dictionary<NodeId, (Term Term, LogIndex Commit, long Start)> last = [];

    /// <summary>Highest index that any node called committed.</summary>
    public LogIndex Committed => new(committed.Count);

    /// <summary>Steps of the membership that any leader made.</summary>
    public int MembershipSteps => memberships.Appended;

    /// <summary>The membership that is committed, and all that may follow it.</summary>
    public IEnumerable<Membership> OpenMemberships(Membership genesis) =>
        memberships.Open(index => index <= Committed ? committed[(int)index.Value - 1].Term : null, genesis);

    /// <summary>Everything committed up to <paramref name="last"/>.</summary>
    public IEnumerable<Entry> CommittedTo(LogIndex last) => committed.Take((int)last.Value);

    /// <summary>Looks at a node after a turn.</summary>
    public void Check(TestNode node)
    {
        CheckElection(node);
        CheckAppend(node);
        CheckCommit(node);
        CheckMonotonic(node);
        CheckLevel(node);
        memberships.Check(node, Committed);
    }

    /// <summary>Looks at a packet as it leaves: no promise without the disk (raft-design E9, section 11).</summary>
    public void CheckPacket(TestNode sender, TestPacket packet)
    {
        switch (packet.Message)
        {
            case VoteResponse { Granted: true, PreVote: false } vote:
                Assert.True(sender.Disk.HardState.Term >= vote.Term, "A vote leaves after its term is durable.");
                if (sender.Disk.HardState.Term == vote.Term)
                    Assert.Equal(packet.To, sender.Disk.HardState.VotedFor);
                NoteVote(sender.Id, vote.Term, packet.To);
                break;
            case VoteRequest { PreVote: false } request:
                Assert.True(sender.Disk.HardState.Term >= request.Term, "A term is asked for when it is durable.");
                NoteVote(sender.Id, request.Term, sender.Id);
                break;
            case AppendResponse { Accepted: true } accepted when sender.Disk.HardState.Term == accepted.Term:
                var last = LogIndex.Max(sender.Disk.LastIndex, sender.Disk.Snapshot.Index);
                Assert.True(accepted.Index <= last, "No acknowledgement outruns the disk.");
                break;
        }
    }

    /// <summary>Entry applied: the same everywhere.</summary>
    public void CheckApplied(in Entry entry)
    {
        Assert.True(entry.Index <= Committed, "Only what is committed is applied.");
        Assert.Equal(Hash.Of(committed[(int)entry.Index.Value - 1]), Hash.Of(entry));
    }

    private void CheckElection(TestNode node)
    {
        if (node.Core.Role != RaftRole.Leader)
            return;

        if (leaders.TryGetValue(node.Core.Term, out var leader))
        {
            Assert.Equal(leader, node.Id);
            return;
        }

        // A grant may arrive so late that a later term has committed already: only earlier ones bind (thesis 3.6.3).
        leaders.Add(node.Core.Term, node.Id);
        var log = node.Core.State.Log;
        foreach (var entry in committed.Where((_, place) => committedIn[place] < node.Core.Term))
        {
            var isCompacted = entry.Index <= log.SnapshotIndex || entry.Index < log.FirstIndex;
            Assert.True(
                isCompacted || log.Matches(entry.Index, entry.Term),
                $"The leader of term {node.Core.Term} has every committed entry; {entry.Index} is missing.");
        }
    }

    private void CheckAppend(TestNode node)
    {
        if (node.LastReady?.Append is not { Entries.Count: > 0 } append)
            return;

        for (var i = 0; i < append.Entries.Count; i++)
        {
            var entry = append.Entries[i];
            var hash = Hash.Of(entry);
            node.Core.State.Log.Terms.TryTermAt(entry.Index.Previous, out var previous);
            if (!appended.TryGetValue((entry.Index, entry.Term), out var known))
                appended.Add((entry.Index, entry.Term), (hash, previous));
            else
                Assert.Equal(known, (hash, previous));
        }
    }

    private void CheckCommit(TestNode node)
    {
        var log = node.Core.State.Log;
        for (var index = Committed.Next; index <= node.Core.Commit; index = index.Next)
        {
            var term = log.TermAt(index);
            var holders = nodes.Where(other => other.Disk.HeldOnce(index, term)).Select(other => other.Id).ToHashSet();
            memberships.CheckQuorum(node, holders.Contains);
            var holder = nodes.First(other => other.Disk.FirstIndex <= index && other.Disk.Holds(index, term));
            committed.Add(holder.Disk.EntryAt(index));
            committedIn.Add(node.Core.Term);
        }

        var first = LogIndex.Max(log.SnapshotIndex.Next, log.FirstIndex);
        for (var index = first; index <= node.Core.Commit; index = index.Next)
            Assert.Equal(committed[(int)index.Value - 1].Term, log.TermAt(index));
    }

    // Active when appended, rolled back when truncated, carried by snapshots: always what the own log says (I6).
    private static void CheckLevel(TestNode node)
    {
        if (node.ToInstall is not null)
            return;

        var raises = node.Disk.Entries.Where(entry => entry.Kind == EntryKind.FeatureLevel).ToList();
        foreach (var append in node.Unwritten.Where(append => append.Entries.Count > 0))
        {
            raises.RemoveAll(entry => entry.Index >= append.FirstIndex);
            raises.AddRange(append.Entries.Where(entry => entry.Kind == EntryKind.FeatureLevel));
        }

        var level = raises.Select(LevelOf).Prepend(node.Disk.Snapshot.FeatureLevel).Max();
        Assert.Equal(level, node.Core.Status.FeatureLevel);
        Assert.True(node.AppliedLevel <= level, "No level is applied that is not in force.");
    }

    private static int LevelOf(Entry entry)
    {
        Assert.True(FeatureLevelCodec.TryDecode(entry.Payload.Span, out var level));
        return level;
    }

    private void CheckMonotonic(TestNode node)
    {
        var now = (node.Core.Term, node.Core.Commit, node.ProcessStart);
        if (last.TryGetValue(node.Id, out var before))
        {
            Assert.True(before.Term <= now.Term || before.Start < now.ProcessStart, "Terms never decrease.");
            Assert.True(before.Commit <= now.Commit || before.Start < now.ProcessStart, "Commit never decreases.");
        }

        last[node.Id] = now;
    }

    private void NoteVote(NodeId voter, Term term, NodeId candidate)
    {
        // A lost vote may be given again, to somebody who can no longer win with the old one (raft-design P30).
        var isKept = !nodes.First(node => node.Id == voter).Disk.HasLost;
        if (isKept && votes.TryGetValue((voter, term), out var before))
            Assert.Equal(before, candidate);
        votes[(voter, term)] = candidate;
    }
}
