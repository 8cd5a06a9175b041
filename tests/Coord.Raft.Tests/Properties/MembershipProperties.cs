namespace Coord.Raft.Tests;


public sealed class MembershipProperties
{
    private const int Numbers = 7;

    // BC2, BC14, raft-design C1, M2: against all sets of nodes that hold a majority of both halves.
    [Fact]
    public void A_joint_quorum_is_a_majority_of_both_sets() => Facts.Hold(script =>
    {
        var membership = Draw(script);
        var values = Enumerable.Range(0, Numbers + 1).Select(_ => (long)script.Below(6)).ToArray();
        var best = QuorumsOf(membership).Max(quorum => quorum.Min(node => values[node.Value]));
        var decides = new JointQuorum(membership);
        Assert.Equal(best, decides.HighestReached(values, static (values, node) => values[node.Value]));
        Assert.Equal(best >= 3, decides.IsReached(values, static (values, node) => values[node.Value] >= 3));
    }, cases: 500, length: 60);

    [Fact]
    public void A_joint_quorum_is_lost_exactly_when_no_further_answers_could_reach_it() => Facts.Hold(script =>
    {
        var membership = Draw(script);
        var refuses = Enumerable.Range(0, Numbers + 1).Select(_ => script.Below(3) == 0).ToArray();
        var decides = new JointQuorum(membership);
        Assert.Equal(
            !decides.IsReached(refuses, static (refuses, node) => !refuses[node.Value]),
            decides.IsLost(refuses, static (refuses, node) => refuses[node.Value]));
    }, cases: 500, length: 60);

    // Raft thesis 4.3, the whole point of the way through a joint membership.
    [Fact]
    public void Any_two_quorums_of_neighbouring_memberships_share_a_voter() => Facts.Hold(script =>
    {
        var joint = Draw(script);
        if (!joint.IsJoint)
            return;

        var shared = QuorumsOf(joint);
        foreach (var neighbour in new[] { Membership.OfVoters(joint.OutgoingVoters), joint.ToFinal() })
        {
            foreach (var quorum in QuorumsOf(neighbour))
                Assert.All(shared, other => Assert.NotEmpty(other.Intersect(quorum)));
        }
    }, cases: 50, length: 60);

    [Fact]
    public void Nobody_is_alone_with_a_quorum_of_nobody()
    {
        var nobody = new JointQuorum(Membership.None);
        Assert.False(nobody.IsReached(0, static (_, _) => true));
        Assert.True(nobody.IsLost(0, static (_, _) => false));
    }

    [Fact]
    public void A_membership_is_read_back_as_it_was_written() => Facts.Hold(script =>
    {
        var written = Draw(script);
        Assert.True(Membership.TryDecode(written.Encode(), written.Index, out var read));
        Assert.Equal(written, read);
        Assert.Equal(written.ToString(), read.ToString());
        Assert.Equal(written.ToFinal(), read.ToFinal());
    }, cases: 500, length: 60);

    // I7: what is not exactly one membership is refused, never taken for half of one and never a crash.
    [Fact]
    public void Mutated_bytes_are_refused_or_are_another_sound_membership() => Facts.Hold(script =>
    {
        var bytes = Draw(script).Encode();
        for (var i = script.Between(1, 3); i > 0 && bytes.Length > 0; i--)
            bytes = Mutate(script, bytes);
        if (!Membership.TryDecode(bytes, new LogIndex(1), out var read))
            return;

        Assert.Equal(bytes, read.Encode());
        Assert.NotEmpty(read.Voters);
        Assert.DoesNotContain(read.Learners, read.IsVoter);
        Assert.All(read.LearnersNext, node => Assert.Contains(node, read.OutgoingVoters));
        Assert.All(read.LearnersNext, node => Assert.DoesNotContain(node, read.Voters));
        Assert.True(Membership.TryDecode(read.ToFinal().Encode(), new LogIndex(2), out _), "It leads somewhere.");
    }, cases: 3_000, length: 80);

    // Raft-design M4, BM3: the history against the whole log of memberships.
    [Fact]
    public void The_history_knows_what_the_log_sets() => Facts.Hold(script =>
    {
        var history = new MembershipHistory(Draw(script) with { Index = default });
        var log = new List<Membership> { history.Current };
        var last = 0L;
        var snapshot = 0L;
        while (script.HasMore)
        {
            switch (script.Below(4))
            {
                case 0:
                    last += script.Between(1, 3);
                    log.Add(Draw(script) with { Index = new LogIndex(last) });
                    history.Append(log[^1]);
                    break;
                case 1:
                    last = Math.Max(snapshot, last - script.Below(4));
                    log.RemoveAll(membership => membership.Index.Value > last);
                    history.TruncateAfter(new LogIndex(last));
                    break;
                case 2:
                    snapshot = Math.Max(snapshot, last - script.Below(4));
                    history.CompactTo(new LogIndex(snapshot));
                    Assert.True(history.Count <= 1 + log.Count(membership => membership.Index.Value > snapshot));
                    break;
                default:
                    last = snapshot = last + script.Below(3);
                    log.RemoveAll(membership => membership.Index.Value > last);
                    log.Add(log[^1] with { Index = new LogIndex(last) });
                    history.ResetTo(log[^1]);
                    break;
            }

            Assert.Equal(log[^1], history.Current);
        }
    }, cases: 200, length: 400);

    private static byte[] Mutate(Facts.Script script, byte[] bytes)
    {
        var place = script.Below(bytes.Length);
        switch (script.Below(4))
        {
            case 0:
                return bytes[..place];
            case 1:
                return [.. bytes, (byte)script.Below(256)];
            case 2:
                bytes[place] = (byte)script.Below(8);
                return bytes;
            default:
                bytes[place] ^= (byte)(1 << script.Below(8));
                return bytes;
        }
    }

    private static Membership Draw(Facts.Script script)
    {
        var nodes = Enumerable.Range(1, Numbers).Select(number => new NodeId(number)).ToArray();
        var roles = nodes.ToDictionary(node => node, _ => script.Below(6));
        NodeId[] Of(params int[] wanted) => [.. nodes.Where(node => wanted.Contains(roles[node]))];
        var voters = Of(0, 1);
        var isJoint = script.Below(2) == 0;
        return new Membership
        {
            Voters = voters.Length > 0 ? voters : [nodes[0]],
            OutgoingVoters = isJoint && voters.Length > 0 ? Of(1, 2, 3) : [],
            LearnersNext = isJoint && voters.Length > 0 ? Of(3) : [],
            Learners = voters.Length > 0 ? Of(4) : [],
            Directory = new byte[script.Below(5)],
        };
    }

    private static List<NodeId[]> QuorumsOf(Membership membership)
    {
        var everybody = membership.Voters.Union(membership.OutgoingVoters).ToArray();
        var quorums = new List<NodeId[]>();
        for (var subset = 1; subset < 1 << everybody.Length; subset++)
        {
            var nodes = everybody.Where((_, i) => (subset & (1 << i)) != 0).ToArray();
            if (IsMajority(nodes, membership.Voters)
                && (!membership.IsJoint || IsMajority(nodes, membership.OutgoingVoters)))
                quorums.Add(nodes);
        }

        return quorums;
    }

    private static bool IsMajority(NodeId[] nodes, IReadOnlyList<NodeId> voters) =>
        voters.Count(nodes.Contains) * 2 > voters.Count;
}
