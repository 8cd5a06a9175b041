namespace Coord.Raft.Tests;


/// <summary>Runs the commands of a scenario file, one at a time, and tells what they show.</summary>
internal sealed class ScenarioRunner
{
    private ScenarioCluster? cluster;
    private long nextToken = 1;

    private ScenarioCluster Cluster =>
        cluster ?? throw new InvalidOperationException("The scenario begins with start.");

    /// <summary>The command's output, lines ending in a newline; empty when it shows nothing.</summary>
    public string Run(string line)
    {
        var command = ScenarioCommand.Parse(line);
        cluster?.Trace.Clear();
        try
        {
            var shown = Execute(command);
            var trace = command.Option("log") == "none" ? "" : Cluster.Trace.ToString();
            return trace + (shown.Length == 0 ? "" : shown + "\n");
        }
        catch (InvariantViolatedException stop)
        {
            return $"{Cluster.Trace}stops: {stop.Message}\n";
        }
    }

    private string Execute(ScenarioCommand command) => command.Verb switch
    {
        "start" => Start(command),
        "given" => Given(command),
        "state" => string.Join('\n', Cluster.Nodes.Select(TraceText.State)),
        "recovering" => TraceText.Recovering(Node(command)),
        "levels" => string.Join('\n', Cluster.Nodes.Where(node => node.IsUp).Select(TraceText.Level)),
        "lease" => $"{Node(command).Id}: lease {Node(command).Core.Status.LeaseTicksLeft}",
        "log" => TraceText.Of(Node(command).Disk.Entries),
        "progress" => string.Join('\n', Node(command).Core.Status.Peers.Select(TraceText.Progress)),
        "network" => string.Join('\n', Cluster.Network.Select(TraceText.Of)),
        "stabilize" => Do(() => Cluster.Stabilize(Among(command))),
        "tick" => Do(() => Tick(command)),
        "timer" => Do(() => Node(command).Core.State.Timer.Set(command.Number("ticks", 1))),
        "campaign" => Do(() => Cluster.Campaign(command.Node(0).Value)),
        "forget-leaders" => Do(Cluster.ForgetLeaders),
        "propose" => Do(() => Propose(command)),
        "barrier" => Do(() => Node(command).Step(new ReadBarrier(command.Number("id", 1)))),
        "transfer" => Do(() => Node(command).Step(new TransferLeadership(command.OptionalNode("to")))),
        "change" => Do(() => Change(command)),
        "raise" => Do(() => Node(command).Step(new ProposeFeatureLevel(command.Number("to", 2)))),
        "learn" => Do(() => Learn(command)),
        "membership" => TraceText.Of(Node(command).Core.Status.Membership),
        "turn" => Do(() => TraceText.AppendReady(Cluster.Trace, Node(command), Cluster.Turn(Node(command)))),
        "persist" => Do(() => Cluster.Persist(Node(command), command.Number("count", int.MaxValue))),
        "apply" => Do(() => Node(command).Apply(command.Number("count", int.MaxValue))),
        "fetch" => Do(() => Node(command).Fetch()),
        "install" => Do(() => Node(command).Install(!command.Has("fail"))),
        "snapshot" => Do(() => Node(command).TakeSnapshot(command.Number("keep", 0))),
        _ => ExecuteNetwork(command),
    };

    private string ExecuteNetwork(ScenarioCommand command) => command.Verb switch
    {
        "deliver" => Do(() => Deliver(command)),
        "partition" => Do(() => Cluster.Partition(command.Sides())),
        "cut" => Do(() => Cluster.Cut(command.Link().From, command.Link().To)),
        "heal" => Do(Cluster.Heal),
        "crash" => Do(() => Cluster.Crash(Node(command), command.Number("written", 0))),
        "restart" => Do(() => Node(command).Restart(command.Number("tail", int.MaxValue))),
        "connected" => Do(() => Node(command).Step(
            new PeerConnected(
                command.Node(1),
                command.Number("start", 1),
                command.OptionalNode("leader"),
                command.Has("recovering")))),
        "lose" => Do(() => Cluster.Lose(Node(command), command.Number("last", 0), command.Number("term", 0))),
        "replace-disk" => Do(() => Node(command).ReplaceDisk()),
        "link" => Do(() => Cluster.Link(Node(command))),
        "recovered" => Do(() => Assert.True(Node(command).ClearRecovering(), "It is not that far.")),
        "unreachable" => Do(() => Node(command).Step(new PeerUnreachable(command.Node(1)))),
        "gone" => Do(() => Node(command).Step(new PeerGone(command.Node(1)))),
        "disk-late" => Do(() => Node(command).Step(new DiskLate(command.Number("ticks", 0)))),
        "disk-full" => Do(() => Node(command).Step(new DiskFull(!command.Has("over")))),
        "refusal" => Do(() => Inject(
            command, new VoteResponse(new Term(command.Number("term", 1)), Granted: false, PreVote: true))),
        "heartbeat" => Do(() => Inject(command, new Heartbeat(new Term(command.Number("term", 1)), default, 0))),
        "timeout-now" => Do(() => Inject(command, new TimeoutNow(new Term(command.Number("term", 1))))),
        "unreadable" => Do(() => Inject(command, Unreadable(Node(command)))),
        _ => throw new InvalidOperationException($"No such command: {command.Verb}."),
    };

    // A membership in a format of a later version, at the end of this node's log.
    private static AppendRequest Unreadable(TestNode node)
    {
        var log = node.Core.State.Log;
        var entry = new Entry(node.Core.Term, log.LastIndex.Next, EntryKind.Membership, new byte[] { 255 });
        return new AppendRequest(node.Core.Term, log.LastIndex, log.LastTerm, node.Core.Commit, 0, [entry]);
    }

    private static string Do(Action action)
    {
        action();
        return "";
    }

    private string Start(ScenarioCommand command)
    {
        var settings = new RaftSettings
        {
            AppendBytesMax = command.Number("append-bytes", 1 << 20),
            InFlightMessagesMax = command.Number("in-flight", 8),
            SmallBatchBytes = command.Number("small-batch", 0),
            LogWindowBytesMax = command.Number("window-bytes", 64 << 20),
            LogWindowSpareBytes = command.Number("window-spare", 1 << 20),
            UncommittedEntriesMax = command.Number("uncommitted", 65_536),
            CommittedEntriesMax = command.Number("page", 8_192),
            StorageSpareBytes = command.Number("spare-bytes", 2 << 20),
            UseLease = command.Has("lease"),
            FeatureLevelMax = command.Number("level-max", 2),
        };
        var genesis = new Membership { Voters = [.. command.Nodes], Learners = command.NodeList("learners") };
        cluster = new ScenarioCluster(genesis, command.NodeList("waiting"), settings, command.Number("level", 1));
        if (command.OptionalNode("leader") is { } leader)
        {
            if (command.Number("level", 1) > 1)
                cluster.ForgetLeaders(); // A process that just started gives no vote (raft-design E6).
            cluster.Elect(leader.Value);
            cluster.Trace.Clear();
        }

        return "";
    }

    private string Given(ScenarioCommand command)
    {
        var terms = command.Option("log") is { Length: > 0 } log ? log.Split(',').Select(long.Parse).ToArray() : [];
        var vote = command.OptionalNode("vote")?.Value;
        Cluster.Given(command.Node(0).Value, command.Number("term", (int)terms.LastOrDefault()), vote, terms);
        return "";
    }

    private void Tick(ScenarioCommand command)
    {
        for (var i = command.Number("count", 1); i > 0; i--)
        {
            foreach (var node in command.NodeCount > 0 ? command.Nodes.Select(id => Cluster[id]) : Cluster.Nodes)
                node.Step(new Tick(command.Number("elapsed", 1)));
        }
    }

    private void Propose(ScenarioCommand command)
    {
        var payloads = command.Words.Skip(1).Select(ScenarioCluster.Text).ToList();
        for (var i = command.Number("count", 0); i > 0; i--)
            payloads.Add(ScenarioCluster.Text("x"));
        Node(command).Step(new Propose(payloads, nextToken));
        nextToken += payloads.Count;
    }

    /// <summary>Signs: + is to vote, - is to go, ~ is to learn. Everybody else stays what it is.</summary>
    private void Change(ScenarioCommand command)
    {
        var now = Node(command).Core.Status.Membership;
        var named = command.Signed('+').Concat(command.Signed('-')).Concat(command.Signed('~')).ToArray();
        Step(
            command,
            now.Voters.Except(named).Concat(command.Signed('+')),
            now.Learners.Except(named).Concat(command.Signed('~')));
    }

    private void Learn(ScenarioCommand command)
    {
        var now = Node(command).Core.Status.Membership;
        Step(command, now.Voters, now.Learners.Concat(command.Nodes.Skip(1)));
    }

    private void Step(ScenarioCommand command, IEnumerable<NodeId> voters, IEnumerable<NodeId> learners) =>
        Node(command).Step(new ChangeMembership(
            nextToken++, [.. voters], [.. learners], ScenarioCluster.Text("directory"), command.Has("force")));

    private void Deliver(ScenarioCommand command)
    {
        var (from, to) = command.Link();
        var type = command.Option("type");
        bool Wanted(TestPacket packet) => packet.From == from && packet.To == to
            && (type is null || type == (packet.Message?.GetType().Name ?? "Snapshot"));
        if (command.Has("drop"))
        {
            Cluster.Drop(Wanted);
            return;
        }

        var packets = Cluster.Network.Where(Wanted).ToArray();
        if (command.Has("dup"))
            Array.ForEach(packets, packet => Cluster.Add(packet.Copy()));
        if (command.Has("reverse"))
            Array.Reverse(packets);
        if (command.Number("count", 0) is > 0 and var count)
            packets = packets[..Math.Min(count, packets.Length)];
        foreach (var wanted in packets)
            Cluster.Deliver(packet => ReferenceEquals(packet, wanted));
    }

    private void Inject(ScenarioCommand command, RaftMessage message) =>
        Node(command).Receive(command.OptionalNode("from")!.Value, message);

    private Func<TestNode, bool>? Among(ScenarioCommand command) =>
        command.NodeCount == 0 ? null : node => command.Nodes.Contains(node.Id);

    private TestNode Node(ScenarioCommand command) => Cluster[command.Node(0)];
}
