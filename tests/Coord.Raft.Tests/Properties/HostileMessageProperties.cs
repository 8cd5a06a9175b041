namespace Coord.Raft.Tests;

/// <summary>Messages that no correct cluster sends: the node stops, or goes on with all its promises kept.</summary>
public sealed class HostileMessageProperties
{
    // BC8, BE7, BE18: under any messages, terms and commit only grow, a term has one vote, the timer is armed wherever
    // the node does not lead, and nothing but a broken invariant ends the node.
    [Fact]
    public void Any_message_leaves_a_node_sound_or_stops_it() => Facts.Hold(script =>
    {
        var cluster = new ScenarioCluster(3);
        var node = cluster.Given(1, term: 2, votedFor: null, 1, 1, 2);
        var votes = new Dictionary<Term, NodeId>();
        try
        {
            while (script.HasMore)
            {
                var before = (node.Core.Term, node.Core.Commit);
                Disturb(node, script);
                cluster.Turn(node);
                cluster.Persist(node, script.Between(0, 2));
                node.Apply(script.Below(3));
                cluster.Drop(packet => NoteVote(packet, votes));
                Assert.True(node.Core.Term >= before.Term && node.Core.Commit >= before.Commit, "Nothing goes back.");
                Assert.True(node.Core.Commit <= node.LastIndex, "Only own entries are committed (BC8).");
                Assert.True(node.Core.Role == RaftRole.Leader || node.Core.State.Timer.Left > 0, "The timer is armed.");
            }
        }
        catch (InvariantViolatedException)
        {
            // The node stopped: for messages like these that is the right end.
        }
    }, cases: 2_000, length: 150);

    private static void Disturb(TestNode node, Facts.Script script)
    {
        if (script.Below(4) == 0)
            node.Step(new Tick(script.Between(1, 80)));
        else
            node.Receive(new NodeId(script.Between(2, 3)), AnyMessage(node, script));
        if (script.Below(6) == 0)
            node.Step(new Propose([new byte[script.Below(9)]], 1));
        if (script.Below(9) == 0)
            node.Step(new ReadBarrier(1));
    }

    private static RaftMessage AnyMessage(TestNode node, Facts.Script script)
    {
        var term = new Term(Math.Max(0, node.Core.Term.Value + script.Between(-1, 1)));
        var index = new LogIndex(Math.Max(0, node.LastIndex.Value + script.Between(-3, 1)));
        var indexTerm = new Term(script.Between(0, (int)term.Value));
        return script.Below(7) switch
        {
            0 => new VoteRequest(term, index, indexTerm, script.Below(2) == 0, script.Below(4) == 0),
            1 => new VoteResponse(new Term(term.Value + script.Below(2)), script.Below(2) == 0, script.Below(2) == 0),
            2 => new Heartbeat(term, LogIndex.Min(index, node.LastIndex), script.Below(3)),
            3 => new HeartbeatResponse(term, script.Below(3), script.Below(2) == 0),
            4 => new AppendResponse(term, script.Below(2) == 0, index, index, indexTerm, script.Below(3)),
            5 => new TimeoutNow(term),
            _ => new AppendRequest(term, index, indexTerm, index, 0, Entries(index, term, script)),
        };
    }

    private static Entry[] Entries(LogIndex previous, Term term, Facts.Script script)
    {
        var entries = new Entry[script.Below(3)];
        for (var i = 0; i < entries.Length; i++)
            entries[i] = new Entry(term, previous + i + 1, EntryKind.Command, default);
        return entries;
    }

    private static bool NoteVote(TestPacket packet, Dictionary<Term, NodeId> votes)
    {
        var candidate = packet.Message switch
        {
            VoteResponse { PreVote: false, Granted: true } => packet.To,
            VoteRequest { PreVote: false } => packet.From,
            _ => (NodeId?)null,
        };
        if (candidate is { } voted)
        {
            votes.TryAdd(packet.Message!.Term, voted);
            Assert.Equal(votes[packet.Message.Term], voted);
        }

        return true;
    }
}
