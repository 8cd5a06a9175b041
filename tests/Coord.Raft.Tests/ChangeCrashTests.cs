namespace Coord.Raft.Tests;


/// <summary>
/// Every step of a change of members or of leaders, with every node stopping right there (BM4, BM7, BT1). No place is
/// drawn: a change is up to 190 steps long, and all of them are tried.
/// </summary>
public sealed class ChangeCrashTests
{
    private static readonly NodeId[] Everybody = [.. Enumerable.Range(1, 6).Select(number => new NodeId(number))];

    // Three voters to begin with, three learners: whoever stops, both sets keep a majority.
    public static TheoryData<int[], bool> Changes => new()
    {
        { [1, 2, 4], false },
        { [1, 2, 4], true },
        { [2, 3, 4], false },
        { [2, 3, 4], true },
        { [4, 5, 6], false },
        { [4, 5, 6], true },
        { [1, 2, 3, 4, 5], false },
        { [1, 2, 3, 4, 5], true },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_ends_whoever_stops_in_the_middle_of_it(int[] voters, bool comesBack)
    {
        var wanted = voters.Select(number => new NodeId(number)).ToArray();
        ForEveryStepAndVictim(comesBack, Begin, cluster =>
        {
            var leader = LeaderOf(cluster);
            Assert.False(leader.Core.State.Membership.IsJoint, "The joint membership is left.");
            Assert.True(
                leader.Core.State.Membership.Voters.SequenceEqual(wanted)
                || leader.Core.State.Membership.Index == default,
                $"Neither what was nor what was wanted: {leader.Core.State.Membership}.");
            Assert.Contains(leader.Id, leader.Core.State.Membership.Voters);
        });

        void Begin(ScenarioCluster cluster) => cluster[1].Step(new ChangeMembership(
            1, wanted, [.. Everybody.Except(wanted).Where(id => id.Value > 3)], default, Force: false));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Somebody_leads_whoever_stops_in_the_middle_of_a_transfer(bool comesBack) =>
        ForEveryStepAndVictim(
            comesBack,
            cluster => cluster[1].Step(new TransferLeadership(new NodeId(2))),
            cluster =>
            {
                // Whoever it is now is fully in office.
                var leader = LeaderOf(cluster);
                Assert.Null(leader.Core.Status.TransferringTo);
                var before = leader.Core.Commit;
                cluster.Propose(leader.Id.Value, "after");
                cluster.Stabilize();
                Assert.Equal(before.Next, leader.Core.Commit);
                Assert.Empty(leader.Rejections);
            });

    private static void ForEveryStepAndVictim(
        bool comesBack, Action<ScenarioCluster> begin, Action<ScenarioCluster> check)
    {
        foreach (var victim in Everybody)
        {
            var step = 0;
            for (; Run(victim, step, comesBack, begin, check); step++)
            {
            }

            Assert.True(step > 100, "The steps are small.");
        }
    }

    // False when everything was at rest before that step.
    private static bool Run(
        NodeId victim, int step, bool comesBack, Action<ScenarioCluster> begin, Action<ScenarioCluster> check)
    {
        var cluster = NewCluster();
        cluster.Propose(1, "during");
        begin(cluster);
        var taken = Steps(cluster).Take(step).Count();
        var committed = cluster.Nodes.Select(node => (node.Applied, Term: TermAt(node, node.Applied))).ToArray();
        Stop(cluster, cluster[victim], comesBack);
        cluster.Ticks(4 * cluster.Settings.ElectionTicks);
        try
        {
            CheckRest(cluster, committed);
            check(cluster);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{victim} stops at step {step}.", e);
        }

        return taken == step;
    }

    private static ScenarioCluster NewCluster()
    {
        var genesis = new Membership { Voters = Everybody[..3], Learners = Everybody[3..] };
        var cluster = new ScenarioCluster(genesis, []);
        cluster.Elect(1);
        cluster.Propose(1, "before");
        cluster.Stabilize();
        return cluster;
    }

    // The smallest steps there are, one after the other, until everything is at rest.
    private static IEnumerable<int> Steps(ScenarioCluster cluster)
    {
        var count = 0;
        for (var moved = true; moved;)
        {
            moved = false;
            foreach (var node in cluster.Nodes)
            {
                var ready = cluster.Turn(node);
                moved |= ready.HasMore || ready.Append is not null || cluster.Network.Count > 0;
                yield return ++count;
                if (cluster.Persist(node))
                    yield return ++count;
                if (node.Apply())
                    yield return ++count;
                while (cluster.Network.FirstOrDefault(packet => packet.To == node.Id) is { } next)
                {
                    cluster.Deliver(packet => ReferenceEquals(packet, next));
                    moved = true;
                    yield return ++count;
                }
            }
        }
    }

    private static void Stop(ScenarioCluster cluster, TestNode victim, bool comesBack)
    {
        cluster.Crash(victim);
        cluster.Drop(packet => packet.From == victim.Id || packet.To == victim.Id);
        if (!comesBack)
            return; // Silently: no link tells the others.

        victim.Restart();
        cluster.Link(victim);
    }

    private static void CheckRest(ScenarioCluster cluster, (LogIndex Applied, Term Term)[] committed)
    {
        var leader = LeaderOf(cluster);
        Assert.All(committed, entry => Assert.Equal(entry.Term, TermAt(leader, entry.Applied)));
        var members = leader.Core.State.Membership;
        Assert.All(
            cluster.Nodes.Where(node => node.IsUp && members.Contains(node.Id)),
            node =>
            {
                Assert.Equal(leader.LastIndex, node.Applied);
                Assert.Equal(leader.StateHash, node.StateHash);
                Assert.Equal(members, node.Core.State.Membership);
            });
    }

    private static TestNode LeaderOf(ScenarioCluster cluster) =>
        Assert.Single(cluster.Nodes, node => node.IsUp && node.Core.Role == RaftRole.Leader);

    private static Term TermAt(TestNode node, LogIndex index) => node.Core.State.Log.TermAt(index);
}
