namespace Coord.Raft.Tests;


public sealed class ReplicationProperties
{
    // BR2: bytes that leak from the window end in a peer that gets nothing any more.
    [Fact]
    public void A_window_counts_exactly_what_is_in_flight() => Facts.Hold(script =>
    {
        var messagesMax = script.Between(2, 6);
        var bytesMax = script.Between(1, 5_000);
        var window = new InFlightWindow(messagesMax, bytesMax);
        var model = new Queue<(long Last, long Bytes)>();
        var last = 0L;
        while (script.HasMore)
        {
            switch (script.Below(5))
            {
                case 0:
                    var acknowledged = script.Below((int)last + 3);
                    window.FreeTo(new LogIndex(acknowledged));
                    while (model.TryPeek(out var oldest) && oldest.Last <= acknowledged)
                        model.Dequeue();
                    break;
                case 1 when script.Below(5) == 0:
                    window.Reset();
                    model.Clear();
                    break;
                default:
                    if (window.IsFull)
                        break;
                    last += script.Between(1, 9);
                    var bytes = script.Below(2_000);
                    window.Add(new LogIndex(last), bytes);
                    model.Enqueue((last, bytes));
                    break;
            }

            Assert.Equal((model.Count, model.Sum(sent => sent.Bytes)), (window.Count, window.Bytes));
            Assert.Equal(model.Count == messagesMax || model.Sum(sent => sent.Bytes) >= bytesMax, window.IsFull);
        }

        window.FreeTo(new LogIndex(last));
        Assert.Equal((0, 0L), (window.Count, window.Bytes));
    });

    // BR7: from any two logs that share a first entry, the leader meets the follower within one refusal per term.
    [Fact]
    public void Hints_meet_within_one_refusal_per_term() => Facts.Hold(script =>
    {
        var leader = RandomLog(script, out var leaderTerms);
        var follower = RandomLog(script, out var followerTerms);
        var shared = leaderTerms.Zip(followerTerms).TakeWhile(pair => pair.First == pair.Second).Count();
        var differentTerms = leaderTerms.Concat(followerTerms).Distinct().Count();
        var next = leader.LastIndex.Next;
        var refusals = 0;
        while (!follower.Matches(next.Previous, leader.TermAt(next.Previous)))
        {
            Assert.True(++refusals <= differentTerms + 1, $"{refusals} refusals for {differentTerms} terms.");
            var hint = ConflictHint.OfFollower(follower, default, next.Previous, leader.TermAt(next.Previous));
            var moved = ConflictHint.NextOfLeader(leader, next.Previous, hint, follower.TermAt(hint));
            Assert.True(moved < next, "Every refusal moves the leader back.");
            next = moved;
        }

        Assert.True(next.Value <= shared + 1 || leaderTerms[(int)next.Value - 2] == followerTerms[(int)next.Value - 2]);
    }, cases: 1_000, length: 40);

    // BR7 at size: 100,000 divergent entries.
    [Fact]
    public void A_hundred_thousand_divergent_entries_cost_two_refusals()
    {
        var leader = LogOf([.. Enumerable.Repeat(1L, 10), .. Enumerable.Repeat(3L, 100_000)]);
        var follower = LogOf([.. Enumerable.Repeat(1L, 10), .. Enumerable.Repeat(2L, 100_000)]);
        var next = leader.LastIndex.Next;
        var refusals = 0;
        while (!follower.Matches(next.Previous, leader.TermAt(next.Previous)))
        {
            refusals++;
            var hint = ConflictHint.OfFollower(follower, default, next.Previous, leader.TermAt(next.Previous));
            next = ConflictHint.NextOfLeader(leader, next.Previous, hint, follower.TermAt(hint));
        }

        Assert.Equal(new LogIndex(11), next);
        Assert.InRange(refusals, 1, 2);
    }

    // BR3: what is added at append is taken off at commit, and nothing is left after a change of role.
    [Fact]
    public void Uncommitted_bytes_return_to_zero() => Facts.Hold(script =>
    {
        var settings = new RaftSettings { UncommittedBytesMax = 2_000, UncommittedEntriesMax = 9 };
        var cluster = new ScenarioCluster(3, settings);
        var leader = cluster.Elect(1);
        var expected = 0L;
        while (script.HasMore)
        {
            switch (script.Below(4))
            {
                case 0:
                    cluster.Stabilize();
                    expected = 0;
                    break;
                case 1 when script.Below(6) == 0:
                    leader.Receive(new NodeId(2), new HeartbeatResponse(leader.Core.Term.Next, 0, false));
                    Assert.Equal(0, leader.Core.Proposals.UncommittedBytes);
                    cluster.Stabilize();
                    leader = cluster.Elect(1);
                    expected = 0;
                    break;
                default:
                    expected += Propose(leader, script.Below(500));
                    break;
            }

            Assert.Equal(expected, leader.Core.Proposals.UncommittedBytes);
            Assert.True(expected < 2_000 + 500 + Entry.OverheadBytes, "The limit is passed by one entry at most.");
        }
    }, cases: 60, length: 60);

    // BC9: pages of committed entries neither skip nor repeat, whatever the limits.
    [Fact]
    public void Pages_of_committed_entries_are_exact() => Facts.Hold(script =>
    {
        var settings = new RaftSettings
        {
            CommittedEntriesMax = script.Between(1, 5),
            CommittedBytesMax = script.Below(3) switch { 0 => 1, 1 => 200, _ => 1 << 20 },
            LogWindowBytesMax = script.Below(2) == 0 ? 0 : 1 << 20,
            AppendBytesMax = script.Below(2) == 0 ? 1 : 300,
        };
        var cluster = new ScenarioCluster(3, settings);
        cluster.Elect(1);
        while (script.HasMore)
        {
            for (var i = script.Below(9); i > 0; i--)
                Propose(cluster[1], script.Below(150));
            foreach (var node in cluster.Nodes)
            {
                var ready = cluster.Turn(node);
                var bytes = ready.Committed.Skip(1).Sum(entry => entry.CountedBytes);
                Assert.True(ready.Committed.Count <= settings.CommittedEntriesMax, "A page is bounded in entries.");
                Assert.True(ready.Committed.Count <= 1 || bytes <= settings.CommittedBytesMax, "And in bytes.");
            }
        }

        cluster.Stabilize();
        Assert.All(cluster.Nodes, node => Assert.Equal(
            Enumerable.Range(1, (int)cluster[1].LastIndex.Value),
            node.AppliedEntries.Select(entry => (int)entry.Index.Value)));
    }, cases: 100, length: 60);

    // BR8, raft-design R11: a message stays within its limit, but one entry always goes.
    [Fact]
    public void A_message_exceeds_its_bytes_only_for_a_single_entry() => Facts.Hold(script =>
    {
        var settings = new RaftSettings { AppendBytesMax = script.Between(1, 2_000) };
        var cluster = new ScenarioCluster(3, settings);
        var leader = cluster.Elect(1);
        while (script.HasMore)
            Propose(leader, script.Below(700));
        for (var i = 0; i < 200 && cluster[3].Applied < leader.LastIndex; i++)
        {
            foreach (var node in cluster.Nodes)
            {
                cluster.Turn(node);
                cluster.Persist(node);
                node.Apply();
            }

            Assert.All(
                cluster.Network.Select(packet => packet.Message).OfType<AppendRequest>(),
                append => Assert.True(
                    append.Entries.Count <= 1
                    || append.Entries.Sum(entry => entry.CountedBytes) <= settings.AppendBytesMax));
            cluster.Deliver(_ => true);
        }

        Assert.Equal(leader.LastIndex, cluster[3].Applied);
    }, cases: 60, length: 40);

    private static long Propose(TestNode leader, int length)
    {
        var before = leader.LastIndex;
        leader.Step(new Propose([new byte[length]], 1));
        return leader.LastIndex > before ? length + Entry.OverheadBytes : 0;
    }

    private static RaftLog RandomLog(Facts.Script script, out long[] terms)
    {
        terms = new long[script.Between(1, 15)];
        var term = 1L;
        for (var i = 0; i < terms.Length; i++)
            terms[i] = term += i == 0 || script.Below(3) > 0 ? 0 : script.Between(1, 3);
        return LogOf(terms);
    }

    private static RaftLog LogOf(long[] terms)
    {
        var alone = Membership.OfVoters([new NodeId(1)]);
        var log = new RaftLog(new RaftStart { Id = new NodeId(1), Membership = alone, Seed = 1 });
        for (var i = 0; i < terms.Length; i++)
            log.Append(new Entry(new Term(terms[i]), new LogIndex(i + 1), EntryKind.Command, default));
        return log;
    }
}
